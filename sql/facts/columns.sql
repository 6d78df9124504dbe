-- The columns that both tables have, so not what an earlier run has added; `hash_sql` is what of one is hashed. One
-- that the plan gives another type (`columns`) has `new_type_sql`, and is hashed as that; where that could lose a value, the row of
-- the table as it is has `source_hash_sql` instead. `value_sql` is what of the row `r` the new table gets, where that is not
-- the column itself.
SELECT
  c.attname::text AS name,
  c.place::integer AS position,
  format_type(c.atttypid, c.atttypmod) AS type_sql,
  format_type(c.atttypid, -1) AS bare_type_sql,
  c.new_type_name AS new_type_sql,
  c.new_bare AS new_bare_type_sql,
  c.atttypid IN ('timestamptz'::regtype, 'timestamp'::regtype) AS is_time,
  CASE WHEN c.attcollation <> t.typcollation THEN c.attcollation::regcollation::text END AS collation_sql,
  c.attnotnull AS not_null,
  CASE c.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END AS identity,
  CASE c.attgenerated WHEN 's' THEN 'stored' WHEN 'v' THEN 'virtual' END AS generated,
  pg_get_expr(d.adbin, d.adrelid) AS default_sql,
  -- a value that is compressed already would be stored as it is
  CASE
    WHEN c.is_stored_anew THEN format('CAST(CAST(%s AS text) || '''' AS %s)', a.reading, format_type(a.atttypid, -1))
    WHEN c.new_type IS NOT NULL THEN a.reading
  END AS value_sql,
  coalesce(c.hashed_there,
{% include 'tables/hashed_columns.sql' %}
  ) AS hash_sql,
  c.hashed_here AS source_hash_sql
FROM (
  SELECT a.*, row_number() OVER (ORDER BY a.attnum) AS place, change.type_oid AS new_type, change.type_name AS new_type_name, change.bare AS new_bare,
    ways.here AS hashed_here, ways.there AS hashed_there, coalesce(change.storage, change.compression) IS NOT NULL AS is_stored_anew
  FROM pg_attribute AS a
  LEFT JOIN (
{% include 'facts/fragments/changed_columns.sql' %}
  ) AS change ON change.name = a.attname
  LEFT JOIN LATERAL (
{% include 'tables/hashed_both_ways.sql' %}
  ) AS ways ON true
  WHERE a.attrelid = to_regclass({{ source | literal }}) AND a.attnum > 0 AND NOT a.attisdropped
    AND NOT {% include 'layout/is_own_column.sql' %}
    AND change.dropped IS NOT TRUE AND change.expression IS NULL
) AS c
CROSS JOIN LATERAL (
  SELECT coalesce(c.new_type, c.atttypid) AS atttypid, c.place,
    CASE WHEN c.new_type IS NULL THEN format('r.%I', c.attname) ELSE format('CAST(r.%I AS %s)', c.attname, c.new_bare) END AS reading
) AS a
JOIN pg_type AS t ON t.oid = c.atttypid
LEFT JOIN pg_attrdef AS d ON d.adrelid = c.attrelid AND d.adnum = c.attnum
ORDER BY c.attnum
