-- The names of what watches the partitions that something else has, which is left as it is.
SELECT wanted.name, wanted.kind
FROM (VALUES
  ('partition_health', 'view', 0), ('partition_distribution', 'view', 0), ('partition_chunk_distribution', 'view', 0),
  ('partition_size_distribution', 'view', 0), ('partition_stats', 'view', 0), ('partition_health_summary', 'view', 0),
  ('partition_hot_spots', 'view', 0), ('analyze_partition_skew', 'function', 0), ('get_partition_key', 'function', 1),
  ('get_partition_for_collection', 'function', 1)) AS wanted (name, kind, arguments)
WHERE EXISTS (
    SELECT FROM pg_class AS c, LATERAL (SELECT obj_description(c.oid, 'pg_class'), c.relowner) AS of (comment, owner)
    WHERE wanted.kind = 'view' AND c.oid = to_regclass(format('%I.%I', {{ source.schema | literal }}, wanted.name))
      AND {% include 'health/taken.sql' %})
  OR EXISTS (
    SELECT FROM pg_proc AS p, LATERAL (SELECT obj_description(p.oid, 'pg_proc'), p.proowner) AS of (comment, owner)
    WHERE wanted.kind = 'function' AND p.pronamespace = to_regnamespace(quote_ident({{ source.schema | literal }}))
      AND p.proname = wanted.name AND p.pronargs = wanted.arguments AND {% include 'health/taken.sql' %})
ORDER BY wanted.name
