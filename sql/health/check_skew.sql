-- How far rows and size of a partition are from an equal share: 0.3 is 30 % more or less. Fewer than ten
-- rows a partition say nothing; they are not judged. Neither are RANGE partitions, which hold what a time brings, and LIST
-- partitions of values, the others of which share a default one.
WITH p AS MATERIALIZED (
{% include 'health/judged.sql' %}
), shares AS (
  SELECT
    p.partition_name, s.*, f.of_all,
    abs(s.share / nullif(avg(s.share) OVER (PARTITION BY s.name), 0) - 1) AS skew,
    s.share / nullif(avg(s.share) OVER (PARTITION BY s.name), 0) - 1 AS deviation,
    avg(s.share) OVER (PARTITION BY s.name) AS average
  FROM p
  CROSS JOIN LATERAL (VALUES ('row_skew', p.rows), ('size_skew', p.size_bytes)) AS s (name, share)
  CROSS JOIN (SELECT avg(rows) AS of_all FROM p WHERE NOT is_default) AS f
  WHERE NOT p.is_default
), most AS (
  SELECT DISTINCT ON (name) * FROM shares ORDER BY name, skew DESC NULLS LAST, share DESC, partition_name
)
SELECT
  name,
  CASE
    WHEN of_all < 10 OR skew IS NULL OR unequal.why IS NOT NULL THEN 'ok'
    WHEN skew >= {{ critical | literal }} THEN 'critical'
    WHEN skew >= {{ warning | literal }} THEN 'warning'
    ELSE 'ok'
  END AS level,
  round(coalesce(skew, 0), 4)::float8 AS value,
  CASE
    WHEN of_all = 0 THEN 'there are no rows'
    WHEN of_all < 10 THEN format('%s, not judged: there are under ten rows a partition', round(skew, 2))
    WHEN unequal.why IS NOT NULL THEN 'not judged, as a ' || unequal.why
    ELSE format('%s: %s has %s, %s %% %s the average of %s', round(skew, 2), partition_name,
      CASE WHEN name = 'row_skew' THEN trim(to_char(share, '999,999,999,999,990')) || ' rows' ELSE pg_size_pretty(share) END,
      round(skew * 100), CASE WHEN deviation < 0 THEN 'under' ELSE 'over' END,
      CASE WHEN name = 'row_skew' THEN trim(to_char(average, '999,999,999,999,990')) ELSE pg_size_pretty(average::bigint) END)
  END AS message,
  CASE WHEN name = 'row_skew' THEN 'collections of unlike size do this; where they can''t be split, raise --warning and --critical'
       ELSE 'it follows the rows, unless a partition has larger rows than others, or room that dead rows have left' END AS hint
FROM most
CROSS JOIN (
  SELECT CASE parent.strategy WHEN 'r' THEN 'range holds what its time brings' WHEN 'l' THEN CASE WHEN parent.partdefid <> 0 AND {% include 'health/divisor.sql' %} IS NULL THEN 'list holds the rows of its values' END END
  FROM (
    SELECT partrelid, partstrat, partattrs::int2[], pg_get_partkeydef(partrelid), partdefid FROM pg_partitioned_table WHERE partrelid = {{ source | literal }}::regclass
  ) AS parent (oid, strategy, columns, definition, partdefid)
) AS unequal (why)
ORDER BY name;
