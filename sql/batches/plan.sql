-- Block ranges of a table and all its leaf partitions, each of about so many rows. The last range
-- of a leaf has no end, so that no block is left out if the leaf has grown since; an empty leaf has
-- one range.
SELECT
  n.nspname::text AS schema,
  c.relname::text AS name,
  g.first_block,
  CASE WHEN g.first_block + s.step < s.blocks THEN g.first_block + s.step END AS end_block,
  pg_relation_filenode(c.oid)::bigint AS filenode,
  (s.rows * least(s.step, s.blocks - g.first_block) / greatest(s.blocks, 1))::bigint AS rows
FROM (
  SELECT relid FROM pg_partition_tree({{ table | literal }}::regclass) WHERE isleaf
  UNION
  SELECT {{ table | literal }}::regclass WHERE NOT EXISTS (
    SELECT FROM pg_partition_tree({{ table | literal }}::regclass) WHERE isleaf)
) AS leaf
JOIN pg_class AS c ON c.oid = leaf.relid AND c.relkind IN ('r', 'm')
JOIN pg_namespace AS n ON n.oid = c.relnamespace
{% include 'batches/size.sql' %}
CROSS JOIN LATERAL generate_series(0, greatest(s.blocks, 1) - 1, s.step) AS g(first_block)
ORDER BY c.oid, g.first_block;
