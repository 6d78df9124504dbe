-- Whether all that hangs on the table can come along. What can't is listed under the name by which
-- the plan's `accept` gives it up. Reads the catalogs.
{% from 'layout/partitioned.sql' import partitioned with context %}
{% from 'layout/advice.sql' import has_key with context %}
WITH source AS (
  SELECT c.*
  FROM (SELECT to_regclass({{ source | literal }})::oid AS oid) AS named
  LEFT JOIN pg_class AS c USING (oid)
), tree AS (
  SELECT c.* FROM pg_class AS c
  WHERE c.oid IN (SELECT oid FROM source UNION
                  SELECT tree.relid FROM source, pg_partition_tree(source.oid) AS tree)
), leaf AS (
  SELECT oid FROM tree WHERE relkind = 'r' AND relispartition
), row_type AS (
  SELECT reltype AS oid FROM tree
  UNION SELECT t.typarray FROM tree JOIN pg_type AS t ON t.oid = tree.reltype
), found (subject, advice, classid, objid, objsubid) AS (
  SELECT CASE WHEN key.of_itself THEN 'foreign keys of the table to itself' ELSE 'foreign keys from other tables' END,
    CASE key.obstacle
      WHEN 'partition' THEN 'they are of a single partition, or refer to one, which belongs to the old table afterwards'
      WHEN 'version' THEN 'before PostgreSQL 18 a partitioned table can get a foreign key only while all its rows are read and nobody '
        'writes: add them again after the swap (ALTER TABLE ... ADD CONSTRAINT)'
      ELSE format({{ has_key | literal }}, key.referenced[1])
    END || '. Given up, they are dropped in the swap: then a row may refer to one that is not there, and nothing follows a delete, unless triggers do that (--var enforce=trigger)',
    'pg_constraint'::regclass::oid, c.oid, 0
  FROM (
{% include 'facts/incoming_keys.sql' %}
  ) AS key
  JOIN pg_constraint AS c ON key.obstacle IS NOT NULL AND c.contype = 'f' AND c.conname = key.name
    AND (pg_identify_object('pg_constraint'::regclass, c.oid, 0)).identity = key.identity
  UNION ALL
  SELECT 'exclusion constraints', {{ ('they would hold within a partition only; drop them' if partitioned else 'they do not come along; drop them, and add them again afterwards') | literal }},
    'pg_constraint'::regclass, c.oid, 0
  FROM pg_constraint AS c
  JOIN pg_index AS i ON i.indexrelid = c.conindid
  WHERE c.conrelid IN (SELECT oid FROM tree) AND c.contype IN ('x', 'p', 'u') AND i.indisexclusion
{% if partitioned %}
  UNION ALL
  SELECT 'row triggers with transition tables', 'a partitioned table has none; make them statement triggers',
    'pg_trigger'::regclass, t.oid, 0
  FROM pg_trigger AS t
  WHERE t.tgrelid IN (SELECT oid FROM tree) AND t.tgtype & 1 = 1
    AND (t.tgoldtable IS NOT NULL OR t.tgnewtable IS NOT NULL)
{% endif %}
  UNION ALL
  SELECT 'invalid indexes', 'left by a failed CREATE INDEX CONCURRENTLY; REINDEX or drop them',
    'pg_class'::regclass, i.indexrelid, 0
  FROM pg_index AS i
  WHERE i.indrelid IN (SELECT oid FROM tree) AND NOT (i.indisvalid AND i.indisready)
  UNION ALL
  SELECT 'functions, columns and types built on the table''s row type',
    'they keep the type of the old table; drop them, and create them again afterwards',
    d.classid, d.objid, d.objsubid
  FROM pg_depend AS d
  WHERE d.refclassid = 'pg_type'::regclass AND d.refobjid IN (SELECT oid FROM row_type)
    AND d.deptype IN ('n', 'a') AND d.classid IN ('pg_proc'::regclass, 'pg_class'::regclass, 'pg_type'::regclass)
  UNION ALL
  SELECT 'views, rules, policies and functions grouped by the primary key alone, or naming it',
    'the new table has not that key; add the columns to GROUP BY',
    CASE WHEN k.view IS NULL THEN k.classid ELSE 'pg_class'::regclass END, coalesce(k.view, k.objid), 0
  FROM (
{% include 'facts/fragments/bound_to_key.sql' %}
  ) AS k
  UNION ALL
  SELECT 'indexes that not every partition has', 'create them on the whole table, or drop them',
    'pg_class'::regclass, i.indexrelid, 0
  FROM pg_index AS i
  JOIN tree ON tree.oid = i.indrelid AND tree.relispartition
  JOIN pg_class AS c ON c.oid = i.indexrelid
  WHERE NOT c.relispartition AND i.indisvalid AND i.indisready AND i.indexrelid NOT IN (
    SELECT indexrelid FROM (
{% include 'facts/fragments/leaf_indexes.sql' %}
    ) AS of_leaves)
  UNION ALL
  SELECT subject, advice, 'pg_constraint'::regclass, oid, 0
  FROM (
    SELECT c.oid, count(*) OVER (PARTITION BY c.conname, pg_get_constraintdef(c.oid)) = (SELECT count(*) FROM leaf) AS everywhere
    FROM pg_constraint AS c
    JOIN tree ON tree.oid = c.conrelid AND tree.relispartition
    WHERE c.conparentid = 0 AND c.coninhcount = 0 AND c.contype IN ('c', 'f')
      -- an earlier run's own
      AND NOT {% include 'layout/is_own_check.sql' %}
  ) AS own
  CROSS JOIN LATERAL (
    SELECT 'constraints that every partition has by itself', 'add them to the whole table, which adopts those of the partitions' WHERE everywhere
    UNION ALL
    SELECT 'constraints that not every partition has', 'add them to the whole table, or drop them' WHERE NOT everywhere
  ) AS said (subject, advice)
  UNION ALL
  SELECT subject, advice, 'pg_trigger'::regclass, oid, 0
  FROM (
    SELECT t.oid, count(*) OVER (PARTITION BY shape.definition) = (SELECT count(*) FROM leaf) AS everywhere
    FROM pg_trigger AS t
    JOIN tree ON tree.oid = t.tgrelid AND tree.relispartition
    CROSS JOIN LATERAL (
      SELECT row(t.tgname, t.tgfoid, t.tgtype, t.tgenabled, t.tgargs, t.tgattr::text,
                 substr(pg_get_triggerdef(t.oid), strpos(pg_get_triggerdef(t.oid), tree.oid::regclass::text) + length(tree.oid::regclass::text)))::text
    ) AS shape (definition)
    WHERE NOT t.tgisinternal AND t.tgparentid = 0
      -- for the way back of an earlier run
      AND NOT EXISTS (SELECT FROM pg_proc AS f WHERE f.oid = t.tgfoid AND {% include 'repartition/log/is_way_back.sql' %})
  ) AS own
  CROSS JOIN LATERAL (
    SELECT 'triggers that every partition has by itself', 'create them on the whole table, and drop those of the partitions' WHERE everywhere
    UNION ALL
    SELECT 'triggers that not every partition has', 'create them on the whole table, or drop them' WHERE NOT everywhere
  ) AS said (subject, advice)
  UNION ALL
  SELECT 'views on partitions', 'they read the old table afterwards; let them read the whole table, or drop them',
    'pg_class'::regclass, r.ev_class, 0
  FROM pg_depend AS d
  JOIN tree ON tree.oid = d.refobjid AND tree.relispartition
  JOIN pg_rewrite AS r ON r.oid = d.objid AND r.ev_class NOT IN (SELECT oid FROM tree)
  WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'n'
  UNION ALL
  SELECT 'security labels', 'drop them, and set them again afterwards',
    l.classoid, l.objoid, l.objsubid
  FROM pg_seclabel AS l
  WHERE l.classoid = 'pg_class'::regclass AND l.objoid IN (SELECT oid FROM tree)
), named AS (
  SELECT DISTINCT found.subject, found.advice, object.identity
  FROM found, pg_identify_object(found.classid, found.objid, found.objsubid) AS object
  WHERE object.identity <> ALL ({% include 'repartition/check/accepted.sql' %})
)
SELECT
  kind.subject,
  'none, or accepted by the plan' AS expected,
  coalesce({% include 'tables/listed.sql' %} || '; ' || listed.advice
    || '. Or give them up, each by its name: --accept NAME', 'none') AS actual,
  count(listed.name) = 0 AS passed
FROM (
  VALUES
    ('foreign keys from other tables'),
    ('foreign keys of the table to itself'),
    ('exclusion constraints'),
    ('row triggers with transition tables'),
    ('invalid indexes'),
    ('functions, columns and types built on the table''s row type'),
    ('views, rules, policies and functions grouped by the primary key alone, or naming it'),
    ('indexes that not every partition has'),
    ('constraints that every partition has by itself'),
    ('constraints that not every partition has'),
    ('triggers that every partition has by itself'),
    ('triggers that not every partition has'),
    ('views on partitions'),
    ('security labels')
) AS kind (subject)
LEFT JOIN named AS listed (subject, advice, name) USING (subject)
GROUP BY kind.subject, listed.advice
