{## That an entry of the log `keys` belongs to the partitions that a pass takes: a condition, to be added to others. These are
    the partitions of the new table, whose key may have another type. What that can't hold is taken as null is. ##}
{% from 'layout/' ~ layout ~ '/shape.sql' import key_columns with context %}
{% set changed = facts.columns | selectattr('name', 'in', key_columns) | selectattr('new_type_sql') | list %}
{% set ranges = {'smallint': [-32768, 32767], 'integer': [-2147483648, 2147483647]} %}
{% if changed %}

    AND (executor_of = 1 OR EXISTS (
      SELECT
      FROM (SELECT {% for column in changed %}{% set range = ranges.get(column.new_type_sql | string) %}
{%- if range %}CASE WHEN {{ keys.name | ident }}.{{ column.name | ident }} BETWEEN {{ range[0] }} AND {{ range[1] }} THEN {% endif -%}
CAST({{ keys.name | ident }}.{{ column.name | ident }} AS {{ column.new_type_sql }}){% if range %} END{% endif %} AS {{ column.name | ident }}{% if not loop.last %}, {% endif %}{% endfor %}) AS as_there
      WHERE true{% include 'layout/' ~ layout ~ '/in_part.sql' %}))
{%- else %}
{% include 'layout/' ~ layout ~ '/in_part.sql' %}
{% endif -%}
