{## Rows and sizes side by side, in units for people. -##}
SELECT
  p.partition_num,
  p.partition_name,
  p.rows AS row_count,
  round(p.size_bytes / 1048576.0, 4) AS total_size_mb,
  round(p.size_bytes / nullif(p.rows, 0) / 1024.0, 4) AS avg_row_size_kb,
  p.dead_rows,
  greatest(p.last_vacuum, p.last_autovacuum) AS last_vacuumed,
  greatest(p.last_analyze, p.last_autoanalyze) AS last_analyzed
FROM (
{% include 'health/partitions.sql' %}
) AS p
ORDER BY p.partition_num
