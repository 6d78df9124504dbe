{## Whether the table can be divided by LIST of a column's hash: one row for init/offers.sql. -##}
{% set least = 100 %}
SELECT
  'list_by_hash' AS layout,
  concat_ws(':', 'list_by_hash', k.spelled, part.shown) AS spec,
  CASE
    WHEN k.name IS NULL THEN 'no column of a key or an index has at least 100 values and none of them in a tenth of the rows'
    WHEN k.generated THEN format('%s is a generated column', k.quoted)
    WHEN k.kind NOT IN ('uuid', 'text', 'integer') THEN format('%s is %s; this layout takes uuid, text, varchar, char and whole numbers', k.quoted, k.type)
    WHEN part.number IS NULL THEN format('%s is no number of partitions from 1 to 1000', part.shown)
  END AS refused,
  jsonb_build_array(k.name) AS divided_by,
  'none' AS uniqueness,
  'expression' AS finds,
  part.number AS partitions,
  tab.bytes / part.number AS each_bytes,
  format('%s LIST partitions by the hash of %s', part.number, k.quoted) AS what,
  json_build_object('layout', 'list_by_hash', 'key_column', k.name, 'partition_count', part.number) AS variables,
  'chunks_100_partitions.yaml' AS extends,
  true AS copies,
  0 AS points,
  concat_ws(' ', k.spread, k.asked_by, 'Only where an application asks for a column partition_key: hash gives the same parts, and keeps a primary key.') AS reason
FROM tab
LEFT JOIN LATERAL (
{% include 'layout/spread_column.sql' %}
) AS k ON true
LEFT JOIN LATERAL (
{% include 'layout/parts.sql' %}
) AS part ON true
