-- The columns of the table, but for partition_key, which is the plan's own; `hash_sql` is what of one is hashed.
SELECT
  a.attname::text AS name,
  a.place::integer AS position,
  format_type(a.atttypid, a.atttypmod) AS type_sql,
  format_type(a.atttypid, -1) AS bare_type_sql,
  a.atttypid IN ('timestamptz'::regtype, 'timestamp'::regtype) AS is_time,
  CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text END AS collation_sql,
  a.attnotnull AS not_null,
  CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END AS identity,
  CASE a.attgenerated WHEN 's' THEN 'stored' WHEN 'v' THEN 'virtual' END AS generated,
  pg_get_expr(d.adbin, d.adrelid) AS default_sql,
{% include 'tables/hashed_columns.sql' %}
  AS hash_sql
FROM (
  SELECT *, row_number() OVER (ORDER BY attnum) AS place
  FROM pg_attribute
  WHERE attrelid = to_regclass({{ source | literal }}) AND attnum > 0 AND NOT attisdropped AND attname <> 'partition_key'
) AS a
JOIN pg_type AS t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
ORDER BY a.attnum
