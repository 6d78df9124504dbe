{## Whether the table can be divided by RANGE, into how many, and how much speaks for it: one row for init/offers.sql. -##}
SELECT
  'range' AS layout,
  concat_ws(':', 'range', k.spelled, replace(step.shown, '1 ', '')) AS spec,
  CASE
    WHEN k.name IS NULL THEN 'no column says when a row came: a time without NULLs that is not set again'
    WHEN NOT k.can_order THEN format('%s is %s; RANGE takes times, whole numbers and uuids of version 7', k.quoted, k.type)
    WHEN k.generated THEN format('%s is a generated column', k.quoted)
    WHEN k.null_share > 0 THEN format('%s has NULLs in %s %% of the rows', k.quoted, round(100 * k.null_share, 1))
    WHEN step.refused IS NOT NULL THEN step.refused
    WHEN step.made > 5000 THEN format('%s makes %s partitions of %s; at most 5,000', step.shown, to_char(step.made, 'FM9,999,999,999'), k.quoted)
  END AS refused,
  jsonb_build_array(k.name) AS divided_by,
  'contain' AS uniqueness,
  'compared' AS finds,
  step.made AS partitions,
  step.each_bytes,
  format('RANGE partitions by %s, %s each', k.quoted, CASE WHEN k.kind = 'integer' THEN step.shown || ' values' ELSE step.shown END) AS what,
  json_build_object('layout', 'range', 'key_column', k.name, 'interval', step.shown) AS variables,
  'chunks_100_partitions.yaml' AS extends,
  true AS copies,
  CASE WHEN k.counts AND tab.bytes >= 2 ^ 30 THEN 70 ELSE 0 END AS points,
  concat_ws(' ',
    k.when_it_came, k.compared_by,
    CASE WHEN tab.append_only THEN format('%s %% of the rows written are new ones.', round(100 * tab.inserts / (tab.inserts + tab.updates + tab.deletes))) END,
    'New rows go to one small partition, whose indexes stay in memory, and old ones are taken away as a whole, without DELETE or VACUUM.',
    CASE WHEN step.partitions IS NULL THEN format('How far %s reaches is not known before ANALYZE, so look whether the interval is right.', k.quoted)
      ELSE format('An interval of %s makes partitions of %s on average.', step.shown, pg_size_pretty(step.each_bytes::bigint)) END) AS reason
FROM tab
LEFT JOIN LATERAL (
{% include 'layout/ordered_column.sql' %}
) AS k ON true
LEFT JOIN LATERAL (
{% include 'layout/interval.sql' %}
) AS step ON k.name IS NOT NULL
