{## The partitions together. max_skew_ratio is the largest over the average of those that have rows. -##}
SELECT
  count(*) FILTER (WHERE rows > 0) AS partitions_used,
  count(*) FILTER (WHERE rows = 0) AS empty_partitions,
  round(coalesce(avg(nullif(rows, 0)), 0), 2) AS avg_rows_per_partition,
  round(coalesce(stddev_pop(rows), 0), 2) AS stddev_rows,
  max(rows) AS max_rows,
  min(rows) AS min_rows,
  round(max(rows) / nullif(avg(nullif(rows, 0)), 0), 4) AS max_skew_ratio,
  CASE
    WHEN stddev_pop(rows) > 0.5 * avg(nullif(rows, 0)) THEN 'REBALANCE NEEDED'
    WHEN stddev_pop(rows) > 0.3 * avg(nullif(rows, 0)) THEN 'WARNING'
    ELSE 'HEALTHY'
  END AS distribution_status
FROM (
{% include 'health/partitions.sql' %}
) AS p
