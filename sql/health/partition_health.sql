{## Each partition against the average of those that have rows: HOT has over 1.2 times as many, COLD
    under 0.8 times. A tenth of dead rows, and over 1,000, asks for a VACUUM. -##}
SELECT
  p.partition_num,
  p.partition_name,
  p.rows AS row_count,
  p.dead_rows,
  p.size_bytes,
  pg_size_pretty(p.size_bytes) AS size_pretty,
  round((p.rows / avg(nullif(p.rows, 0)) OVER () - 1) * 100, 2) AS pct_deviation_from_avg,
  CASE
    WHEN p.rows > 1.2 * avg(nullif(p.rows, 0)) OVER () THEN 'HOT'
    WHEN p.rows < 0.8 * avg(nullif(p.rows, 0)) OVER () THEN 'COLD'
    ELSE 'NORMAL'
  END AS partition_status,
  p.dead_rows > greatest(p.rows * 0.1, 1000) AS needs_vacuum,
  p.last_vacuum,
  p.last_autovacuum,
  p.last_analyze,
  p.last_autoanalyze
FROM (
{% include 'health/partitions.sql' %}
) AS p
ORDER BY p.partition_num
