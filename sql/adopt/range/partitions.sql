-- The partitions that the table gets beside its first one, from the bound on, and a default one if that is asked for.
{% from 'layout/range/interval.sql' import amount, unit, zone with context %}
{% set fits = bound == '' or (unit != '') == ('-' in bound[1:]) %}
SELECT (row_number() OVER (ORDER BY part.place) - 1)::integer AS number, part.name::text AS name, part.bound_sql
FROM (
  SELECT cell.number AS place, bounds.name, bounds.bound AS bound_sql
  FROM (
    SELECT a.attname::text, format_type(a.atttypid, NULL), a.attrelid, a.attnum
    FROM pg_attribute AS a
    WHERE a.attrelid = to_regclass({{ source | literal }}) AND a.attname = {{ key_column | literal }} AND a.attnum > 0 AND NOT a.attisdropped
      AND a.atttypid = ANY ({% include 'adopt/range/types.sql' %})
  ) AS key (name, type, relation, number)
  CROSS JOIN LATERAL (
{% include 'adopt/range/first_cell.sql' %}
  ) AS first (number)
  CROSS JOIN LATERAL generate_series(first.number, first.number + {{ ahead }} - 1) AS cell (number)
  CROSS JOIN LATERAL (
{% include 'layout/range/bounds.sql' %}
  ) AS bounds
  WHERE bounds.lower_value IS NOT NULL AND {{ fits | literal }}
{% if default_partition %}
  UNION ALL
  SELECT NULL, {{ (source | suffix('_default')).name | literal }}, 'DEFAULT'
{% endif %}
) AS part
ORDER BY 1
