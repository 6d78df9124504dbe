-- Whether the table has a form that can be partitioned; no table at all is fine if one is asked for (create).
-- Reads the catalogs.
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
  CROSS JOIN LATERAL (
    SELECT EXISTS (
      SELECT FROM pg_opclass AS o JOIN pg_am AS m ON m.oid = o.opcmethod
      WHERE m.amname = 'hash' AND o.opcdefault AND (o.opcintype = type_of.oid
        OR type_of.typname IN ('varchar', 'cidr') OR type_of.typtype = 'e' OR type_of.typcategory = 'A'))
  ) AS hashed (is_so)
  WHERE a.attname = {{ key_column | literal }}
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
    WHEN made THEN 'partitioned already as this plan does it, but in another number or by another column: by an earlier run? '
      'Roll that run back first, or leave it'
    ELSE CASE relkind WHEN 'p' THEN 'a partitioned table' ELSE 'a plain table' END
  END AS actual,
  to_regnamespace(quote_ident({{ source.schema | literal }})) IS NOT NULL
    AND coalesce({% if create %}oid IS NULL OR {% endif %}relkind IN ('r', 'p') AND NOT relispartition
      AND relpersistence <> 't' AND reloftype = 0 AND NOT made, false) AS passed
FROM source
CROSS JOIN (
{% include 'repartition/check/similar_tables.sql' %}
) AS similar_tables (did_you_mean)
CROSS JOIN LATERAL (
  SELECT EXISTS (
    -- what an application has made is no earlier run's, whatever its partitions are called
    SELECT WHERE pg_get_partkeydef(source.oid) = 'LIST (partition_key)'
      OR pg_get_partkeydef(source.oid) ~ '^LIST \(\(?abs\(\(hashtext\(.* % [0-9]+\)\)\)?\)$') AS made
) AS partitions
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
WHERE relkind = 'f' OR relpersistence <> 'p'
  OR relkind = 'r' AND relam <> (SELECT oid FROM pg_am WHERE amname = 'heap')
UNION ALL
SELECT
  'key', 'a primary key, or a unique index on NOT NULL columns',
  CASE
    WHEN source.oid IS NULL THEN 'none yet'
    ELSE coalesce(i.indexrelid::regclass::text, 'none that is valid and whole; add one (CREATE UNIQUE INDEX CONCURRENTLY)')
  END,
  source.oid IS NULL OR i.indexrelid IS NOT NULL
FROM source
CROSS JOIN LATERAL (SELECT source.oid) AS whole (oid)
LEFT JOIN LATERAL (
{% with leaves = true %}
{% include 'tables/row_key.sql' %}
{% endwith %}
) AS i ON true
UNION ALL
SELECT
  'types of the key', 'PostgreSQL''s own, or enums',
  coalesce(string_agg(DISTINCT quote_ident(type_of.attname) || ' is ' || CASE WHEN of_enum
      THEN 'a domain over an enum; PostgreSQL can''t compare its values, so make the column one of the enum itself'
      ELSE type_of.oid::regtype || '; rows are told apart by it, and only the code of that type knows which of its values are equal'
    END, ', '), 'PostgreSQL''s own, or enums'),
  count(type_of.attname) = 0
FROM source AS whole
LEFT JOIN LATERAL (
{% with leaves = true %}
{% include 'tables/row_key.sql' %}
{% endwith %}
) AS i ON true
LEFT JOIN type_of
  ON type_of.oid >= 16384 AND (type_of.typtype <> 'e' OR type_of.of_enum) AND type_of.attname IN (
    SELECT a.attname FROM pg_attribute AS a WHERE a.attrelid = i.indrelid AND a.attnum = ANY ((i.indkey::int2[])[:i.indnkeyatts - 1]))
UNION ALL
SELECT
  {{ ('column ' ~ key_column) | literal }},
{% if routing == 'hash' %}
  'a stored column of a type that can be hashed',
{% else %}
  'a stored column of type uuid, text, varchar, char, smallint, integer or bigint',
{% endif %}
  CASE
    WHEN source.oid IS NULL THEN 'none yet'
    WHEN key.attnum IS NULL THEN 'no such column; choose one with --var key_column=...'
    WHEN key.attgenerated <> '' THEN 'a generated column, by which no table can be partitioned'
{% if routing == 'hash' %}
    WHEN NOT key.can_be_hashed THEN format_type(key.atttypid, key.atttypmod)
      || CASE WHEN key.of_enum THEN ', a domain over an enum, which PostgreSQL can''t compare' ELSE '' END || '; choose another one with --var key_column=...'
{% else %}
    -- The partition is chosen by the hash of the value as text: of equal values it must be the same for ever.
    WHEN NOT key.base_type = ANY (types.known) THEN format_type(key.atttypid, key.atttypmod) || ', ' || CASE
        WHEN key.of_enum THEN 'a domain over an enum, which PostgreSQL can''t compare'
        WHEN key.typtype = 'e' THEN 'whose labels may be renamed'
        WHEN key.base_type = ANY (types.as_set) THEN 'whose text depends on settings of the session'
        WHEN key.base_type = ANY (types.same) THEN 'which this layout doesn''t take'
        ELSE 'of which equal values may differ as text' END || '; ' || advice.said
    WHEN NOT rules.collisdeterministic THEN 'a nondeterministic collation, under which equal values '
      'may be stored differently; ' || advice.said
{% endif %}
    ELSE format_type(key.atttypid, key.atttypmod)
  END,
  source.oid IS NULL OR coalesce(key.attgenerated = ''
{% if routing == 'hash' %}
    AND key.can_be_hashed, false)
{% else %}
    AND key.base_type = ANY (types.known) AND coalesce(rules.collisdeterministic, true), false)
{% endif %}
FROM source
LEFT JOIN key ON true
{% if routing != 'hash' %}
LEFT JOIN pg_collation AS rules ON rules.oid = key.attcollation
CROSS JOIN (
  SELECT ARRAY['uuid', 'text', 'varchar', 'bpchar', 'int2', 'int4', 'int8']::regtype[]::oid[],
    ARRAY['bytea', 'date', 'time', 'timetz', 'timestamp', 'timestamptz', 'interval', 'money', 'float4', 'float8']::regtype[]::oid[],
    ARRAY['bool', 'oid', 'name', '"char"', 'macaddr', 'macaddr8', 'pg_lsn', 'xid', 'tid']::regtype[]::oid[]
) AS types (known, as_set, same)
CROSS JOIN LATERAL (
  SELECT CASE WHEN key.can_be_hashed THEN 'use the plan with hash partitions' ELSE 'choose another one with --var key_column=...' END
) AS advice (said)
UNION ALL
SELECT
  'column partition_key', 'no column of this name',
  coalesce(string_agg(format_type(a.atttypid, a.atttypmod), '') || '; rename or drop it', 'none'),
  count(a.attnum) = 0
FROM source
LEFT JOIN pg_attribute AS a
  ON a.attrelid = source.oid AND a.attname = 'partition_key' AND NOT a.attisdropped
{% endif %}
UNION ALL
SELECT
  'constraints', 'that a partitioned table can have',
  coalesce({% include 'tables/listed.sql' %}, 'that a partitioned table can have'),
  count(listed.name) = 0
FROM source
LEFT JOIN LATERAL (
  SELECT c.conname || ': ' || CASE c.contype
    WHEN 'c' THEN 'NO INHERIT; drop it and add it without' ELSE 'NOT NULL ... NOT VALID; validate it' END AS name
  FROM pg_constraint AS c
  WHERE c.conrelid = source.oid
    AND (c.contype = 'c' AND c.connoinherit OR c.contype = 'n' AND NOT c.convalidated)
) AS listed ON true
{% if routing != 'hash' %}
UNION ALL
-- dropped ones don't count: the new table has none
SELECT
  'number of columns', 'at most 1599',
  count(a.attname) || CASE WHEN count(a.attname) < 1600 THEN '' ELSE ', and with partition_key one more than a table can have; '
    'use the plan with hash partitions' END,
  count(a.attname) < 1600
FROM source
LEFT JOIN pg_attribute AS a ON a.attrelid = source.oid AND a.attnum > 0 AND NOT a.attisdropped
{% endif %}
{% if routing != 'expression' %}
UNION ALL
-- the primary key has to contain what the table is partitioned by
SELECT
  'columns of the primary key', 'at most 32, with those by which the table is partitioned',
  coalesce(max(needed.columns)::text, 'none') || CASE WHEN max(needed.columns) > 32
    THEN '; use --var routing=expression of the plan chunks_100_partitions, where the key stays as it is' ELSE '' END,
  coalesce(max(needed.columns), 0) <= 32
FROM source
LEFT JOIN pg_index AS i ON i.indrelid = source.oid AND i.indisprimary
LEFT JOIN LATERAL (
  SELECT i.indnatts{% if routing == 'column' %} + 1{% endif %} + CASE WHEN EXISTS (
    SELECT FROM key WHERE key.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1])) THEN 0 ELSE 1 END
  WHERE i.indexrelid IS NOT NULL
) AS needed (columns) ON true
{% endif %}
