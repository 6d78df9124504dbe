-- Indexes of the table and its partitions that a failed CREATE INDEX or REINDEX has left invalid. One of
-- the table is invalid as long as a partition lacks its own.
WITH invalid AS (
  SELECT format('%I.%I', n.nspname, c.relname) AS name
  FROM pg_partition_tree({{ source | literal }}::regclass) AS t
  JOIN pg_index AS i ON i.indrelid = t.relid
  JOIN pg_class AS c ON c.oid = i.indexrelid
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE NOT (i.indisvalid AND i.indisready AND i.indislive)
)
SELECT
  'invalid_indexes' AS name,
  CASE WHEN count(*) > 0 THEN 'warning' ELSE 'ok' END AS level,
  count(*)::float8 AS value,
  CASE WHEN count(*) = 0 THEN 'none'
       ELSE format('%s: %s%s', count(*), array_to_string((array_agg(name ORDER BY name))[1:3], ', '),
         CASE WHEN count(*) > 3 THEN ', ...' ELSE '' END) END AS message,
  'REINDEX INDEX CONCURRENTLY, or drop it; one of the table is valid once every partition has its own' AS hint
FROM invalid;
