{## Whether the table can be divided by LIST of a column's values and each part by RANGE: one row for init/offers.sql. -##}
SELECT
  'list_range' AS layout,
  concat_ws(':', 'list', l.spelled) || '/' || concat_ws(':', 'range', k.spelled, replace(step.shown, '1 ', '')) AS spec,
  CASE
    WHEN l.name IS NULL THEN 'no column of a key, or that refers to a table, has few values with many rows each'
    WHEN k.name IS NULL THEN 'no column says when a row came'
    WHEN NOT k.can_order THEN format('%s is %s; RANGE takes times, whole numbers and uuids of version 7', k.quoted, k.type)
    WHEN k.name = l.name THEN format('%s can''t do for both levels', l.quoted)
    WHEN l.generated OR k.generated THEN 'a generated column divides no table'
    WHEN k.null_share > 0 THEN format('%s has NULLs in %s %% of the rows', k.quoted, round(100 * k.null_share, 1))
    WHEN l.large_values = 0 THEN format('no value of %s has 5 %% of the rows', l.quoted)
    WHEN step.refused IS NOT NULL THEN step.refused
    WHEN step.made * (l.large_values + 1) > 5000 THEN format('that makes %s partitions; at most 5,000', step.made * (l.large_values + 1))
  END AS refused,
  jsonb_build_array(l.name, k.name) AS divided_by,
  'contain' AS uniqueness,
  'equal' AS finds,
  step.made * (l.large_values + 1) AS partitions,
  tab.bytes / (step.partitions * (l.large_values + 1)) AS each_bytes,
  format('LIST partitions by %s, each of RANGE partitions by %s, %s each', l.quoted, k.quoted, step.shown) AS what,
  json_build_object('layout', 'list_range', 'key_column', l.name, 'sub_key_column', k.name, 'interval', step.shown) AS variables,
  'chunks_100_partitions.yaml' AS extends,
  true AS copies,
  0 AS points,
  concat_ws(' ', format('%s values of %s have %s %% of the rows.', l.large_values, l.quoted, round(100 * l.large_share)), l.asked_by, k.compared_by,
    'For tenants that keep their rows for different times; else one level is less to look after.') AS reason
FROM tab
LEFT JOIN LATERAL (
{% include 'layout/repeated_column.sql' %}
) AS l ON true
LEFT JOIN LATERAL (
{% with wanted = sub_wanted %}
{% include 'layout/ordered_column.sql' %}
{% endwith %}
) AS k ON true
LEFT JOIN LATERAL (
{% with measure = sub_measure %}
{% include 'layout/interval.sql' %}
{% endwith %}
) AS step ON k.name IS NOT NULL
