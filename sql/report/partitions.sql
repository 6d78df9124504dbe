-- The partitions of every partitioned table that a variable of the run names, as the server knows
-- them now: from its counters, so that a report reads no table.
SELECT
  v.key AS variable, v.value AS "table", c.relname AS partition,
{% include 'tables/rows.sql' %}
  coalesce(pg_total_relation_size(c.oid), 0) AS size_bytes
FROM executor.runs AS r
CROSS JOIN LATERAL jsonb_each_text(r.variables) AS v
JOIN pg_class AS t ON t.relkind = 'p'
JOIN pg_namespace AS n ON n.oid = t.relnamespace
CROSS JOIN LATERAL pg_partition_tree(t.oid) AS leaf
JOIN pg_class AS c ON c.oid = leaf.relid
WHERE r.id = {{ run }} AND leaf.isleaf AND c.oid <> t.oid
  -- a name as the executor writes it
  AND v.value = (
    SELECT string_agg(
      CASE WHEN part ~ '^[a-z_][a-z0-9_$]*$' THEN part ELSE '"' || replace(part, '"', '""') || '"' END,
      '.' ORDER BY place)
    FROM unnest(ARRAY[n.nspname::text, t.relname::text]) WITH ORDINALITY AS name(part, place))
ORDER BY v.key, c.relname;
