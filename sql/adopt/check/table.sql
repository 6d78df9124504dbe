-- Whether the table can become the first partition of a new one. Reads the catalogs.
{% from 'adopt/bound/which.sql' import below with context %}
WITH source AS (
  SELECT c.*
  FROM (SELECT to_regclass({{ source | literal }})::oid AS oid) AS named
  LEFT JOIN pg_class AS c USING (oid)
), key AS (
  SELECT a.* FROM source JOIN pg_attribute AS a ON a.attrelid = source.oid
  WHERE a.attname = {{ key_column | literal }} AND a.attnum > 0 AND NOT a.attisdropped
)
SELECT
  {{ source | string | literal }} AS subject, 'a plain table' AS expected,
  CASE
    WHEN to_regnamespace(quote_ident({{ source.schema | literal }})) IS NULL THEN 'no such schema; ' || did_you_mean || 'is the name right?'
    WHEN oid IS NULL THEN 'no such table; ' || did_you_mean || 'is the name right?'
    WHEN relispartition THEN format('a partition of %s already', (SELECT inhparent::regclass FROM pg_inherits WHERE inhrelid = source.oid))
    WHEN relkind = 'p' THEN 'a partitioned table already; to make it another one, use the plan chunks_100_partitions with another layout'
    WHEN relkind <> 'r' THEN CASE relkind
      WHEN 'v' THEN 'a view' WHEN 'm' THEN 'a materialized view' WHEN 'f' THEN 'a foreign table'
      WHEN 'S' THEN 'a sequence' ELSE 'something else' END || '; name the table itself'
    WHEN relpersistence <> 'p' THEN 'a temporary or unlogged table; ALTER TABLE ... SET LOGGED first'
    WHEN reloftype <> 0 THEN 'a table OF a type; ALTER TABLE ... NOT OF first'
    WHEN EXISTS (SELECT FROM pg_inherits WHERE source.oid IN (inhparent, inhrelid))
      THEN 'a table that inherits or is inherited from; INHERIT and partitions do not mix, so end it first'
    ELSE 'a plain table' END AS actual,
  coalesce(relkind = 'r' AND NOT relispartition AND relpersistence = 'p' AND reloftype = 0
    AND NOT EXISTS (SELECT FROM pg_inherits WHERE source.oid IN (inhparent, inhrelid)), false) AS passed
FROM source
CROSS JOIN (
{% include 'repartition/check/similar_tables.sql' %}
) AS similar_tables (did_you_mean)
UNION ALL
SELECT
  {{ ('column ' ~ key_column) | literal }},
  {% include 'adopt/' ~ method ~ '/wanted.sql' %},
  CASE
    WHEN source.oid IS NULL THEN 'no table'
    WHEN key.attnum IS NULL THEN 'no such column; choose one with --var key_column=...'
    WHEN key.attgenerated <> '' THEN 'a generated column, by which no table can be partitioned'
    ELSE format_type(key.atttypid, key.atttypmod) || CASE WHEN fits.is_so THEN '' ELSE '; choose another one with --var key_column=...' END END,
  coalesce(key.attgenerated = '' AND fits.is_so, false)
FROM source
LEFT JOIN key ON true
LEFT JOIN pg_type AS t ON t.oid = key.atttypid
LEFT JOIN pg_collation AS rules ON rules.oid = key.attcollation
CROSS JOIN LATERAL (
  SELECT (key.atttypid = ANY ({% include 'adopt/' ~ method ~ '/types.sql' %}) OR t.typtype = 'e' AND {{ (method == 'list') | literal }})
    AND coalesce(rules.collisdeterministic, true)
) AS fits (is_so)
UNION ALL
SELECT
  'bound', 'found, or given',
  {% if below.value %}{{ below.value | literal }}{% else %}{% include 'adopt/' ~ method ~ '/not_found.sql' %}{% endif %},
  source.oid IS NULL OR {{ (below.value != '') | literal }}
FROM source
UNION ALL
SELECT
  'foreign keys', 'validated, so that the new table adopts them',
  coalesce({% include 'tables/listed.sql' %} || ': not validated, so every row would be looked up under a lock; ALTER TABLE ... VALIDATE CONSTRAINT first, or drop it',
    'validated'),
  count(listed.name) = 0
FROM (VALUES (1)) AS one
LEFT JOIN (VALUES (NULL::text){% for key in facts.foreign_keys if key.enforced and not key.validated %}, ({{ key.name | literal }}){% endfor %}) AS listed (name) ON true
UNION ALL
SELECT
  'constraints', 'that a partition shares with its table',
  coalesce({% include 'tables/listed.sql' %}, 'that a partition shares with its table'),
  count(listed.name) = 0
FROM source
LEFT JOIN LATERAL (
  SELECT c.conname || ': ' || CASE c.contype
    WHEN 'c' THEN 'NO INHERIT; drop it and add it without' ELSE 'NOT NULL ... NOT VALID; validate it' END AS name
  FROM pg_constraint AS c
  WHERE c.conrelid = source.oid
    AND (c.contype = 'c' AND c.connoinherit OR c.contype = 'n' AND NOT c.convalidated)
) AS listed ON true
UNION ALL
SELECT
  'materialized views on the table', 'none',
  coalesce({% include 'tables/listed.sql' %} || ': bound to the table itself, which is one partition afterwards, so the next REFRESH would miss all rows of the others; '
    'drop it, and create it again after the run', 'none'),
  count(listed.name) = 0
FROM (VALUES (1)) AS one
LEFT JOIN (VALUES (NULL::text){% for view in facts.materialized_views %}, ({{ (view.schema ~ '.' ~ view.name) | literal }}){% endfor %}) AS listed (name) ON true
{% from 'adopt/indexes.sql' import key with context %}
{% for index in key %}
UNION ALL
SELECT
  'what names or is grouped by the primary key', 'nothing',
  coalesce({% include 'tables/listed.sql' %} || ': bound to the key of now, which gives way to a wider one; add all columns to GROUP BY, or drop it', 'nothing'),
  count(listed.name) = 0
FROM (
  SELECT object.identity
  FROM (
{% include 'facts/fragments/bound_to_key.sql' %}
  ) AS k
  CROSS JOIN pg_identify_object(CASE WHEN k.view IS NULL THEN k.classid ELSE 'pg_class'::regclass END, coalesce(k.view, k.objid), 0) AS object
) AS listed (name)
{% endfor %}
