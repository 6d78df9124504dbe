{## Each partition against an equal share: a skew of 0.3 is 30 % more or less than that. -##}
SELECT
  partition_num,
  row_count,
  total_rows,
  round(row_count * 100 / nullif(total_rows, 0), 2) AS row_percentage,
  round(size_bytes * 100 / nullif(total_bytes, 0), 2) AS size_percentage,
  CASE
    WHEN greatest(row_skew, size_skew) >= 0.5 THEN 'UNBALANCED'
    WHEN greatest(row_skew, size_skew) >= 0.3 THEN 'WARNING'
    ELSE 'HEALTHY'
  END AS health_status,
  round(row_skew, 4) AS row_skew,
  round(size_skew, 4) AS size_skew,
  CASE
    WHEN greatest(row_skew, size_skew) >= 0.5 THEN 'Consider rebalancing'
    WHEN greatest(row_skew, size_skew) >= 0.3 THEN 'Watch its growth'
  END AS recommendation
FROM (
  SELECT
    p.partition_num,
    p.rows AS row_count,
    p.size_bytes,
    sum(p.rows) OVER () AS total_rows,
    sum(p.size_bytes) OVER () AS total_bytes,
    coalesce(abs(p.rows / nullif(avg(p.rows) OVER (), 0) - 1), 0) AS row_skew,
    coalesce(abs(p.size_bytes / nullif(avg(p.size_bytes) OVER (), 0) - 1), 0) AS size_skew
  FROM (
{% include 'health/partitions.sql' %}
  ) AS p
) AS share
ORDER BY partition_num
