{## Whether the table can be divided by LIST of a column's values: one row for init/offers.sql. -##}
SELECT
  'list' AS layout,
  concat_ws(':', 'list', k.spelled) AS spec,
  CASE
    WHEN k.name IS NULL THEN 'no column of a key, or that refers to a table, has few values with many rows each'
    WHEN k.generated THEN format('%s is a generated column', k.quoted)
    WHEN k.kind IN ('time', 'other') AND k.type <> 'boolean' THEN format('%s is %s, of which hardly two rows have the same', k.quoted, k.type)
    WHEN k.large_values = 0 THEN format('no value of %s has 5 %% of the rows', k.quoted)
  END AS refused,
  jsonb_build_array(k.name) AS divided_by,
  'contain' AS uniqueness,
  'equal' AS finds,
  k.large_values + 1 AS partitions,
  NULL::numeric AS each_bytes,
  format('LIST partitions by %s: each value with a large share its own, the others together', k.quoted) AS what,
  json_build_object('layout', 'list', 'key_column', k.name, 'min_share', {{ measure | literal }}::integer) AS variables,
  'chunks_100_partitions.yaml' AS extends,
  true AS copies,
  CASE WHEN k.counts AND tab.bytes >= 2 ^ 30 THEN CASE WHEN k.in_keys = tab.keys AND tab.keys > 0 THEN 75 ELSE 60 END ELSE 0 END AS points,
  concat_ws(' ',
    format('%s values of %s have %s %% of the rows.', k.large_values, k.quoted, round(100 * k.large_share)), k.asked_by,
    CASE WHEN k.in_keys = tab.keys AND tab.keys > 0 THEN format('Every key contains %s, so keys, ON CONFLICT and foreign keys stay as they are.', k.quoted) END,
    'A tenant of its own partition is vacuumed, moved and taken away alone, and its plans are made from its own statistics.') AS reason
FROM tab
LEFT JOIN LATERAL (
{% include 'layout/repeated_column.sql' %}
) AS k ON true
