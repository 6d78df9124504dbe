-- The partitions that there should be and are not: those of the present and ahead, those between the last one and the
-- present, and those that rows of the default partition belong to (`rows`). Not those whose name is taken.
{% include 'maintain/with.sql' %}

SELECT
  missing.name, format('%I.%I', whole.schema, missing.name) AS relation, missing.rows,
  -- how many can be attached within max_lock, at 20 ms each
  CASE WHEN missing.rows > 0 THEN (row_number() OVER (PARTITION BY missing.rows > 0 ORDER BY missing.lower_at) - 1)
    / greatest(extract(epoch FROM {{ max_lock | literal }}::interval) * 1000 / 20, 1)::bigint END AS batch,
  format('FOR VALUES FROM (%s) TO (%s)', coalesce(quote_literal(missing.lower_value), 'MINVALUE'), coalesce(quote_literal(missing.upper_value), 'MAXVALUE')) AS bound_sql,
  concat_ws(' AND ', format('%I IS NOT NULL', whole.key),
    CASE WHEN missing.lower_value IS NOT NULL THEN format('%I >= %L::%s', whole.key, missing.lower_value, whole.type) END,
    CASE WHEN missing.upper_value IS NOT NULL THEN format('%I < %L::%s', whole.key, missing.upper_value, whole.type) END) AS check_sql
FROM missing CROSS JOIN whole
WHERE NOT missing.taken AND (missing.rows = 0 OR NOT EXISTS (
{% include 'maintain/not_movable.sql' %}
))
ORDER BY missing.lower_at
