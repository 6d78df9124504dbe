-- One row a partition, judged as the view partition_health judges it, and its distance from an equal share.
SELECT
  p.schema_name::text AS schema,
  p.partition_name::text AS name,
  p.partition_num AS number,
  p.rows,
  p.dead_rows,
  p.size_bytes,
  CASE WHEN NOT p.is_default THEN
    round(p.rows / nullif(avg(p.rows) FILTER (WHERE NOT p.is_default) OVER (), 0) - 1, 4)::float8
  END AS deviation,
  CASE
    WHEN p.is_default THEN 'DEFAULT'
    WHEN p.rows > 1.2 * avg(nullif(p.rows, 0)) FILTER (WHERE NOT p.is_default) OVER () THEN 'HOT'
    WHEN p.rows < 0.8 * avg(nullif(p.rows, 0)) FILTER (WHERE NOT p.is_default) OVER () THEN 'COLD'
    ELSE 'NORMAL'
  END AS status,
  p.dead_rows > greatest(p.rows * 0.1, 1000) AS needs_vacuum,
  greatest(p.last_vacuum, p.last_autovacuum) AS last_vacuum,
  greatest(p.last_analyze, p.last_autoanalyze) AS last_analyze
FROM (
{% include 'health/judged.sql' %}
) AS p
ORDER BY p.is_default, p.partition_num, p.partition_name;
