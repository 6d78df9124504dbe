-- Whether the table has a form that the plan can take; no table at all is fine if one is asked for (create).
-- Reads the catalogs.
{% from 'repartition/earlier.sql' import earlier with context %}
{% from 'layout/partitioned.sql' import partitioned with context %}
WITH source AS (
  SELECT c.*
  FROM (SELECT to_regclass({{ source | literal }})::oid AS oid) AS named
  LEFT JOIN pg_class AS c USING (oid)
), tree AS (
  SELECT c.* FROM pg_class AS c
  WHERE c.oid IN (SELECT oid FROM source UNION
                  SELECT tree.relid FROM source, pg_partition_tree(source.oid) AS tree)
), type_of AS (
  SELECT a.attnum, a.attname, t.*, t.typtype = 'e' AND a.atttypid <> t.oid AS of_enum
  FROM source
  JOIN pg_attribute AS a ON a.attrelid = source.oid AND a.attnum > 0 AND NOT a.attisdropped
  CROSS JOIN LATERAL (
{% include 'tables/base_type.sql' %}
  ) AS base
  JOIN pg_type AS t ON t.oid = base.oid
), key AS (
  SELECT a.*, type_of.oid AS base_type, type_of.typtype, type_of.of_enum, hashed.is_so AND NOT type_of.of_enum AS can_be_hashed
  FROM source
  JOIN pg_attribute AS a ON a.attrelid = source.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN type_of USING (attnum)
  -- an array as its elements are, below their domains
  CROSS JOIN LATERAL (
    SELECT t.* FROM (SELECT CASE WHEN type_of.typcategory = 'A' THEN type_of.typelem ELSE type_of.oid END) AS a (atttypid)
    CROSS JOIN LATERAL (
{% include 'tables/base_type.sql' %}
    ) AS base
    JOIN pg_type AS t ON t.oid = base.oid
  ) AS hashed_as
  CROSS JOIN LATERAL (
    SELECT EXISTS (
      SELECT FROM pg_opclass AS o JOIN pg_am AS m ON m.oid = o.opcmethod
      WHERE m.amname = 'hash' AND o.opcdefault AND (o.opcintype = hashed_as.oid
        OR hashed_as.typname IN ('varchar', 'cidr') AND hashed_as.typnamespace = 'pg_catalog'::regnamespace OR hashed_as.typtype = 'e'))
  ) AS hashed (is_so)
  WHERE a.attname = {{ key_column | literal }}
), row_key AS (
  SELECT i.* FROM source AS whole LEFT JOIN LATERAL (
{% with leaves = true %}
{% include 'tables/row_key.sql' %}
{% endwith %}
  ) AS i ON true
)
SELECT
  {{ source | string | literal }} AS subject,
  'a plain or partitioned table{% if create %}, or none yet{% endif %}' AS expected,
  CASE
    WHEN to_regnamespace(quote_ident({{ source.schema | literal }})) IS NULL
      THEN 'no such schema; ' || did_you_mean || 'is the name right? Else create it first'
{% if create %}
    WHEN oid IS NULL THEN 'none yet; an empty one will be made'
{% else %}
    WHEN oid IS NULL THEN 'no such table; ' || did_you_mean || '--create makes an empty one'
{% endif %}
    WHEN relispartition THEN format('a partition of %s; migrate that table',
      (SELECT inhparent::regclass FROM pg_inherits WHERE inhrelid = source.oid))
    WHEN relkind NOT IN ('r', 'p') THEN CASE relkind
      WHEN 'v' THEN 'a view' WHEN 'm' THEN 'a materialized view' WHEN 'f' THEN 'a foreign table'
      WHEN 'S' THEN 'a sequence' ELSE 'something else' END || '; name the table itself'
    WHEN relpersistence = 't' THEN 'a temporary table'
    WHEN reloftype <> 0 THEN 'a table OF a type; ALTER TABLE ... NOT OF first'
    ELSE CASE relkind WHEN 'p' THEN 'a partitioned table' ELSE 'a plain table' END
  END AS actual,
  to_regnamespace(quote_ident({{ source.schema | literal }})) IS NOT NULL
    AND coalesce({% if create %}oid IS NULL OR {% endif %}relkind IN ('r', 'p') AND NOT relispartition
      AND relpersistence <> 't' AND reloftype = 0, false) AS passed
FROM source
CROSS JOIN (
{% include 'repartition/check/similar_tables.sql' %}
) AS similar_tables (did_you_mean)
UNION ALL
SELECT
  'inheritance', 'none but partitions',
  coalesce({% include 'tables/listed.sql' %} || '; INHERIT and partitions do not mix, so end it first', 'none'),
  count(*) = 0
FROM source
JOIN LATERAL (
  SELECT CASE inhrelid WHEN source.oid THEN inhparent ELSE inhrelid END::regclass::text AS name
  FROM pg_inherits
  WHERE source.relkind = 'r' AND NOT source.relispartition AND source.oid IN (inhparent, inhrelid)
) AS listed ON true
UNION ALL
SELECT
  'storage', 'logged heap tables',
  coalesce({% include 'tables/listed.sql' %} || ': unlogged, foreign or of another access method; '
    'change it first (ALTER TABLE ... SET LOGGED, SET ACCESS METHOD heap)', 'logged heap tables'),
  count(*) = 0
FROM tree
CROSS JOIN LATERAL (SELECT tree.oid::regclass::text) AS listed (name)
WHERE EXISTS (SELECT FROM source WHERE source.relkind IN ('r', 'p')) AND (tree.relkind = 'f' OR relpersistence <> 'p'
  OR tree.relkind = 'r' AND relam <> (SELECT oid FROM pg_am WHERE amname = 'heap'))
UNION ALL
SELECT
  'key', 'a primary key, or a unique index on NOT NULL columns',
  CASE
    WHEN source.oid IS NULL THEN 'none yet'
    ELSE coalesce(i.indexrelid::regclass::text, 'none that is valid and whole; add one (CREATE UNIQUE INDEX CONCURRENTLY)')
  END,
  source.oid IS NULL OR i.indexrelid IS NOT NULL
FROM source
CROSS JOIN row_key AS i
WHERE source.oid IS NULL OR source.relkind IN ('r', 'p')
UNION ALL
SELECT
  'types of the key', 'PostgreSQL''s own, or enums',
  coalesce(string_agg(DISTINCT quote_ident(type_of.attname) || ' is ' || CASE WHEN of_enum
      THEN 'a domain over an enum; PostgreSQL can''t compare its values, so make the column one of the enum itself'
      ELSE type_of.oid::regtype || '; rows are told apart by it, and only the code of that type knows which of its values are equal'
    END, ', '), 'PostgreSQL''s own, or enums'),
  count(type_of.attname) = 0
FROM row_key AS i
LEFT JOIN type_of
  ON type_of.oid >= 16384 AND (type_of.typtype <> 'e' OR type_of.of_enum) AND type_of.attname IN (
    SELECT a.attname FROM pg_attribute AS a WHERE a.attrelid = i.indrelid AND a.attnum = ANY ((i.indkey::int2[])[:i.indnkeyatts - 1]))
{% include 'layout/' ~ layout ~ '/check_key.sql' %}
{% from 'layout/advice.sql' import adds_none, too_many, keeps_key with context %}
{% for name in added_columns %}
UNION ALL
SELECT
  {{ ('column ' ~ name) | literal }}, 'no column of this name',
  coalesce(string_agg(format_type(a.atttypid, a.atttypmod), '') || {{ (adds_none if name in own_columns else '; rename or drop it') | literal }}, 'none'),
  count(a.attnum) = 0
FROM source
LEFT JOIN pg_attribute AS a
  ON NOT {{ earlier.owns_key | literal }} AND a.attrelid = source.oid AND a.attname = {{ name | literal }} AND NOT a.attisdropped
{% endfor %}
UNION ALL
SELECT
  'constraints', 'that the new table can have',
  coalesce({% include 'tables/listed.sql' %}, 'that the new table can have'),
  count(listed.name) = 0
FROM source
LEFT JOIN LATERAL (
  SELECT c.conname || ': ' || CASE c.contype
    WHEN 'c' THEN 'NO INHERIT; drop it and add it without' ELSE 'NOT NULL ... NOT VALID; validate it' END AS name
  FROM pg_constraint AS c
  WHERE c.conrelid = source.oid
    AND ({% if partitioned %}c.contype = 'c' AND c.connoinherit OR {% endif %}c.contype = 'n' AND NOT c.convalidated)
) AS listed ON true
{% if added_columns %}
UNION ALL
-- dropped ones don't count: the new table has none
SELECT
  'number of columns', 'at most {{ 1600 - added_columns | length }}',
  count(a.attname) || CASE WHEN count(a.attname) <= {{ 1600 - added_columns | length }} THEN '' ELSE {{ (', and with ' ~ added_columns | join(', ') ~ (too_many if own_columns else ' more than a table can have')) | literal }} END,
  count(a.attname) <= {{ 1600 - added_columns | length }}
FROM source
LEFT JOIN pg_attribute AS a ON a.attrelid = source.oid AND a.attnum > 0 AND NOT a.attisdropped
{% endif %}
{% from 'layout/' ~ layout ~ '/shape.sql' import unique_needs with context %}
{% if unique_needs %}
UNION ALL
-- the primary key has to contain what the table is partitioned by
SELECT
  'columns of the primary key', 'at most 32, with those by which the table is partitioned',
  coalesce(max(needed.columns)::text, 'none') || CASE WHEN max(needed.columns) > 32
    THEN {{ keeps_key | literal }} ELSE '' END,
  coalesce(max(needed.columns), 0) <= 32
FROM source
LEFT JOIN pg_index AS i ON i.indrelid = source.oid AND i.indisprimary
LEFT JOIN LATERAL (
  SELECT i.indnatts + (
    SELECT count(*) FROM unnest({{ unique_needs | literal }}::text[]) AS needed
    WHERE needed NOT IN (SELECT a.attname FROM pg_attribute AS a
                         WHERE a.attrelid = i.indrelid AND a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1])))
  WHERE i.indexrelid IS NOT NULL
) AS needed (columns) ON true
{% endif %}
