-- The ranges of blocks by which a backup is written to files, so many blocks a file. What rewrites a table,
-- such as VACUUM FULL, moves its rows to other blocks, in a storage of another number.
SELECT
  n.nspname AS schema,
  c.relname AS name,
  first,
  first + {{ blocks }} AS end,
  concat_ws(' ', n.nspname, c.relname, pg_relation_filenode(c.oid), first) AS origin
FROM (
  SELECT {{ table | literal }}::regclass::oid AS oid UNION SELECT relid FROM pg_partition_tree({{ table | literal }}::regclass)
) AS tree
JOIN pg_class AS c ON c.oid = tree.oid AND c.relkind = 'r'
JOIN pg_namespace AS n ON n.oid = c.relnamespace
CROSS JOIN LATERAL generate_series(
  0, pg_relation_size(c.oid) / current_setting('block_size')::bigint - 1, {{ blocks }}) AS first
ORDER BY c.oid, first
