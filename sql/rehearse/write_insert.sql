{## One row is there twice, the second time with a key that the table gives it. -##}
INSERT INTO {{ table | ident }} ({% for column in columns %}{{ column | ident }}{% if not loop.last %}, {% endif %}{% endfor %})
OVERRIDING SYSTEM VALUE SELECT {% for column in columns %}t.{{ column | ident }}{% if not loop.last %}, {% endif %}{% endfor %} FROM {{ table | ident }} AS t
WHERE ({% for name in key %}t.{{ name | ident }}{% if not loop.last %}, {% endif %}{% endfor %}) = {{ key_sql }}
