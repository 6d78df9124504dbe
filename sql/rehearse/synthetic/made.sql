{## Rows for a table, of the numbers from `first` to `last`. Each of `columns` has the value of a number, i1 for the first column: that of the row
    if the column tells rows apart; else one drawn by the row's hash, so that the most common values come as often as in truth.
    What refers to rows of other tables has theirs: `keys` says which. -##}
SELECT
{% for column in columns %}
  {% if column.form and column.null_share > 0 and not column.key %} CASE WHEN mod(hashint8extended(made.number, 1000 + {{ column.place }}) & 1073741823, 1000000) < {{ column.null_share | literal }} * 1000000 THEN NULL ELSE {% endif %}
  {% if column.key %} p{{ column.key }}.{{ column.referenced | ident }}
  {% elif not column.form %} NULL::{{ column.type_sql }}
  {% elif column.is_list %} ARRAY[({% include 'rehearse/synthetic/value.sql' %})::text]::{{ column.type_sql }}
  {% else %} ({% include 'rehearse/synthetic/value.sql' %})::{{ column.type_sql }}
  {% endif %}
  {% if column.form and column.null_share > 0 and not column.key %} END {% endif %}
  AS {{ column.name | ident }}{% if not loop.last %},{% endif %}

{% endfor %}
FROM generate_series({{ first }}, {{ last }}) AS made (number)
CROSS JOIN LATERAL (
  SELECT {% for column in columns if not column.is_copied %}
    {% if column.is_unique %} made.number::bigint - 1
    {% else %}
    CASE WHEN u{{ column.place }} < {{ column.common | literal }}::float8 THEN width_bucket(u{{ column.place }}, {{ column.sums | literal }}::float8[])
      ELSE {{ column.sums | length }} + floor((u{{ column.place }} - {{ column.common | literal }}::float8) / {{ column.rest_share | literal }}::float8 * {{ column.rest | literal }}) END::bigint
    {% endif %}
    AS i{{ column.place }}{% if not loop.last %},{% endif %}
  {% endfor %}

  FROM (SELECT {% for column in columns if not column.is_copied %}(hashint8extended(made.number, {{ column.place }}) & 1099511627775) / 1099511627776.0::float8 AS u{{ column.place }}{% if not loop.last %}, {% endif %}{% endfor %}) AS share
) AS drawn
{% for key in keys %}
{% if key.nullable %} LEFT {% endif %} JOIN (
  SELECT row_number() OVER () AS place{% for name in key.referenced %}, t.{{ name | ident }}{% endfor %} FROM {{ key.parent | ident }} AS t
) AS p{{ key.number }}
  ON p{{ key.number }}.place = {% if key.nullable %} CASE WHEN mod(hashint8extended(made.number, 1000 + {{ key.by }}) & 1073741823, 1000000) < {{ key.null_share | literal }} * 1000000 THEN NULL ELSE {% endif %}
    1 + {% if key.once %} drawn.i{{ key.by }} {% else %} mod(drawn.i{{ key.by }}, {{ key.rows }}) {% endif %}
    {% if key.nullable %} END {% endif %}

{% endfor %}
