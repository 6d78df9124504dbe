{## Whether the table can become the first partition of a new one as it is: one row for init/offers.sql. -##}
SELECT
  'adopt' AS layout,
  concat_ws(':', 'adopt', k.spelled, replace(step.shown, '1 ', '')) AS spec,
  CASE
    WHEN tab.partitioned THEN 'the table has partitions already'
    WHEN k.name IS NULL THEN 'no column says when a row came'
    WHEN NOT k.can_order THEN format('%s is %s; RANGE takes times, whole numbers and uuids of version 7', k.quoted, k.type)
    WHEN k.generated THEN format('%s is a generated column', k.quoted)
    WHEN k.null_share > 0 THEN format('%s has NULLs in %s %% of the rows', k.quoted, round(100 * k.null_share, 1))
    WHEN step.refused IS NOT NULL THEN step.refused
  END AS refused,
  jsonb_build_array(k.name) AS divided_by,
  'contain' AS uniqueness,
  'compared' AS finds,
  NULL::numeric AS partitions,
  NULL::numeric AS each_bytes,
  format('RANGE partitions by %s, %s each, the first of which is the table as it is, without a copy', k.quoted, step.shown) AS what,
  json_build_object('key_column', k.name, 'interval', step.shown) AS variables,
  'adopt.yaml' AS extends,
  false AS copies,
  CASE WHEN k.counts AND tab.bytes >= 2 ^ 40 THEN 80 ELSE 0 END AS points,
  concat_ws(' ',
    format('A copy of %s takes long, and as much disk again; this takes one look at every row, and a moment under lock.', pg_size_pretty(tab.bytes::bigint)),
    k.when_it_came, 'So all that is there lies before a bound, and becomes the first partition.', k.compared_by,
    'It stays one large partition until it is old enough to go.') AS reason
FROM tab
LEFT JOIN LATERAL (
{% include 'layout/ordered_column.sql' %}
) AS k ON true
LEFT JOIN LATERAL (
{% include 'layout/interval.sql' %}
) AS step ON k.name IS NOT NULL
