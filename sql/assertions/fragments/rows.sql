{## The rows of `table`, as an item of FROM. `without` names a table of keys: rows whose key is in it are
    left out. Its columns are those that both have in common, so no key need be named. -##}
{% if without is none -%}
{{ table | name | ident }}
{%- else -%}
(SELECT r.* FROM {{ table | name | ident }} AS r NATURAL LEFT JOIN
  (SELECT DISTINCT *, true AS executor_left_out FROM {{ without | name | ident }}) AS without
  WHERE executor_left_out IS NULL)
{%- endif %}
