-- The bound below which all rows lie, and what the first partition is attached with: the catalog alone is asked, as what
-- the table holds is not read before it is known whose code that would run. Nothing where the interval does not fit the type.
{% from 'layout/range/interval.sql' import amount, unit, zone with context %}
{% set fits = bound == '' or (unit != '') == ('-' in bound[1:]) %}
SELECT
  key.name,
  key.type,
  key.type AS type_sql,
  bounds.lower_value AS value,
  format('%1$I IS NOT NULL AND %1$I < %2$L::%3$s', key.name, bounds.lower_value, key.type) AS check_sql,
  format('FOR VALUES FROM (MINVALUE) TO (%L)', bounds.lower_value) AS bound_sql
FROM (
  SELECT a.attname::text, format_type(a.atttypid, NULL), a.attrelid, a.attnum
  FROM pg_attribute AS a
  WHERE a.attrelid = to_regclass({{ source | literal }}) AND a.attname = {{ key_column | literal }} AND a.attnum > 0 AND NOT a.attisdropped
    AND a.atttypid = ANY ({% include 'adopt/range/types.sql' %})
) AS key (name, type, relation, number)
CROSS JOIN LATERAL (
{% include 'adopt/range/first_cell.sql' %}
) AS cell (number)
CROSS JOIN LATERAL (
{% include 'layout/range/bounds.sql' %}
) AS bounds
WHERE bounds.lower_value IS NOT NULL AND {{ fits | literal }}
