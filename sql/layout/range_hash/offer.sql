{## Whether the table can be divided by RANGE and each part by HASH: one row for init/offers.sql. -##}
{% set least = 4 %}
SELECT
  'range_hash' AS layout,
  concat_ws(':', 'range', k.spelled, replace(step.shown, '1 ', '')) || '/' || concat_ws(':', 'hash', h.spelled, part.shown) AS spec,
  CASE
    WHEN k.name IS NULL THEN 'no column says when a row came'
    WHEN h.name IS NULL THEN 'no column of a key or an index has at least 100 values and none of them in a tenth of the rows'
    WHEN NOT k.can_order THEN format('%s is %s; RANGE takes times, whole numbers and uuids of version 7', k.quoted, k.type)
    WHEN h.name = k.name THEN format('%s can''t do for both levels', k.quoted)
    WHEN k.generated OR h.generated THEN 'a generated column divides no table'
    WHEN k.null_share > 0 THEN format('%s has NULLs in %s %% of the rows', k.quoted, round(100 * k.null_share, 1))
    WHEN step.refused IS NOT NULL THEN step.refused
    WHEN part.number IS NULL THEN format('%s is no number of partitions from 1 to 1000', part.shown)
    WHEN step.made * part.number > 5000 THEN format('that makes %s partitions; at most 5,000', step.made * part.number)
  END AS refused,
  jsonb_build_array(k.name, h.name) AS divided_by,
  'contain' AS uniqueness,
  'compared' AS finds,
  step.made * part.number AS partitions,
  step.each_bytes / part.number AS each_bytes,
  format('RANGE partitions by %s, %s each, of %s HASH partitions by %s', k.quoted, step.shown, part.number, h.quoted) AS what,
  json_build_object('layout', 'range_hash', 'key_column', k.name, 'interval', step.shown, 'sub_key_column', h.name, 'sub_count', part.number) AS variables,
  'chunks_100_partitions.yaml' AS extends,
  true AS copies,
  CASE WHEN k.counts AND step.each_bytes > 50 * 2 ^ 30 AND step.partitions > 100 THEN 72 ELSE 0 END AS points,
  concat_ws(' ', k.when_it_came, k.compared_by,
    format('%s has %s on average, and is divided once more, by %s.', step.shown, pg_size_pretty(step.each_bytes::bigint), h.quoted),
    h.spread, h.asked_by) AS reason
FROM tab
LEFT JOIN LATERAL (
{% include 'layout/ordered_column.sql' %}
) AS k ON true
LEFT JOIN LATERAL (
{% include 'layout/interval.sql' %}
) AS step ON k.name IS NOT NULL
LEFT JOIN LATERAL (
{% with wanted = sub_wanted %}
{% include 'layout/spread_column.sql' %}
{% endwith %}
) AS h ON true
LEFT JOIN LATERAL (
{% with measure = sub_measure or '4' %}
{% include 'layout/parts.sql' %}
{% endwith %}
) AS part ON true
