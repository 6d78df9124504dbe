{## Size of each partition on disk, with its indexes and out-of-line values. -##}
SELECT
  p.partition_num,
  p.partition_name,
  p.size_bytes,
  pg_size_pretty(p.size_bytes) AS size_pretty,
  round(p.size_bytes * 100 / nullif(sum(p.size_bytes) OVER (), 0), 2) AS size_percentage,
  p.rows AS estimated_rows,
  p.dead_rows,
  p.last_vacuum,
  p.last_autovacuum
FROM (
{% include 'health/partitions.sql' %}
) AS p
ORDER BY p.partition_num
