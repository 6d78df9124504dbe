{## The rows of a table once more, and again, with other keys, until it has so many; what is there already stays out. -##}
INSERT INTO {{ table | ident }} ({% for column in columns %}{{ column.name | ident }}{% if not loop.last %}, {% endif %}{% endfor %})
OVERRIDING SYSTEM VALUE
SELECT {% for column in columns %}{{ column.value_sql }}{% if not loop.last %}, {% endif %}{% endfor %}

FROM generate_series(1, {{ times }}) AS again (number) CROSS JOIN {{ table | ident }} AS t
LIMIT {{ missing }}
ON CONFLICT DO NOTHING
