-- Monitor distribution
SELECT
  count(DISTINCT partition_key) AS partitions_used,
  round(avg(cnt)) AS avg_per_partition,
  max(cnt) AS max_per_partition,
  min(cnt) AS min_per_partition,
  round(stddev(cnt)) AS stddev
FROM (
  SELECT partition_key, count(*) AS cnt FROM public.chunks GROUP BY partition_key
) AS sub;
