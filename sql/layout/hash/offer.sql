{## Whether the table can be divided by HASH: one row for init/offers.sql. -##}
SELECT
  'hash' AS layout,
  concat_ws(':', 'hash', k.spelled, part.shown) AS spec,
  CASE
    WHEN k.name IS NULL THEN 'no column of a key or an index has at least 100 values and none of them in a tenth of the rows'
    WHEN k.generated THEN format('%s is a generated column', k.quoted)
    WHEN part.number IS NULL THEN format('%s is no number of partitions from 1 to 1000', part.shown)
    WHEN k.top_share > 2.0 / part.number THEN format('one value of %s has %s %% of the rows, so its partition would be %s times an equal share',
      k.quoted, round(100 * k.top_share, 1), round(k.top_share * part.number))
  END AS refused,
  jsonb_build_array(k.name) AS divided_by,
  'contain' AS uniqueness,
  'equal' AS finds,
  part.number AS partitions,
  tab.bytes / part.number AS each_bytes,
  format('%s HASH partitions by %s', part.number, k.quoted) AS what,
  json_build_object('layout', 'hash', 'key_column', k.name, 'partition_count', part.number) AS variables,
  'chunks_100_partitions.yaml' AS extends,
  true AS copies,
  CASE WHEN tab.bytes >= 20 * 2 ^ 30 AND k.equal IS DISTINCT FROM 0 THEN 50 ELSE 0 END AS points,
  concat_ws(' ',
    k.spread, k.asked_by,
    'Partitions are equally large, so that VACUUM and index builds work on parts, and nothing has to be made ahead.',
    CASE WHEN k.in_keys = tab.keys AND tab.keys > 0 THEN format('Every key contains %s, so keys, ON CONFLICT and foreign keys stay as they are.', k.quoted) END) AS reason
FROM tab
LEFT JOIN LATERAL (
{% include 'layout/spread_column.sql' %}
) AS k ON true
LEFT JOIN LATERAL (
{% include 'layout/parts.sql' %}
) AS part ON true
