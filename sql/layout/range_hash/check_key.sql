{## Whether the table can have this layout. ##}
{% include 'layout/range/check_key.sql' %}
UNION ALL
SELECT
  {{ ('column ' ~ sub_key_column ~ ' of the hash') | literal }},
  {{ ('a stored column besides ' ~ key_column ~ ', of a type that can be hashed') | literal }},
  CASE
    WHEN source.oid IS NULL THEN 'none yet'
    WHEN a.attnum IS NULL THEN 'no such column; choose one with --var sub_key_column=...'
    WHEN a.attgenerated <> '' THEN 'a generated column, by which no table can be partitioned'
    WHEN a.attname = {{ key_column | literal }} THEN 'the column that the intervals divide; choose another one with --var sub_key_column=...'
    WHEN NOT hashed.can_be THEN format_type(a.atttypid, a.atttypmod) || '; choose another one with --var sub_key_column=...'
    ELSE format_type(a.atttypid, a.atttypmod)
  END,
  source.oid IS NULL OR coalesce(a.attgenerated = '' AND a.attname <> {{ key_column | literal }} AND hashed.can_be, false)
FROM source
LEFT JOIN pg_attribute AS a ON a.attrelid = source.oid AND a.attname = {{ sub_key_column | literal }} AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN type_of USING (attnum)
CROSS JOIN LATERAL (
  SELECT NOT coalesce(type_of.of_enum, false) AND EXISTS (
    SELECT FROM pg_opclass AS o JOIN pg_am AS m ON m.oid = o.opcmethod
    WHERE m.amname = 'hash' AND o.opcdefault AND (o.opcintype = type_of.oid
      OR type_of.typname IN ('varchar', 'cidr') OR type_of.typtype = 'e' OR type_of.typcategory = 'A'))
) AS hashed (can_be)
UNION ALL
SELECT
  'partitions by interval and hash', 'at most 5,000', {{ (facts.bounds | length * sub_count) | string | literal }}
    || {{ ('' if facts.bounds | length * sub_count <= 5000 else '; choose a longer interval, or a smaller sub_count') | literal }},
  {{ (facts.bounds | length * sub_count <= 5000) | literal }}
