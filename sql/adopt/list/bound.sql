-- The values that all rows have, and what the first partition is attached with. Nothing where no values are given, or the
-- type's can't be listed.
SELECT
  key.name,
  key.type,
  key.type AS type_sql,
  {{ values | join(', ') | literal }} AS value,
  format('%1$I IS NOT NULL AND %1$I = ANY (ARRAY[%2$s]::%3$s[])', key.name, listed.said, key.type) AS check_sql,
  format('FOR VALUES IN (%s)', listed.said) AS bound_sql
FROM (
  SELECT a.attname::text, format_type(a.atttypid, NULL)
  FROM pg_attribute AS a JOIN pg_type AS t ON t.oid = a.atttypid
  WHERE a.attrelid = to_regclass({{ source | literal }}) AND a.attname = {{ key_column | literal }} AND a.attnum > 0 AND NOT a.attisdropped
    AND (a.atttypid = ANY ({% include 'adopt/list/types.sql' %}) OR t.typtype = 'e')
) AS key (name, type)
CROSS JOIN (SELECT string_agg(quote_literal(value), ', ' ORDER BY place) FROM unnest({{ values | literal }}::text[]) WITH ORDINALITY AS given (value, place)) AS listed (said)
WHERE listed.said IS NOT NULL
