{## One row is deleted and comes back. -##}
WITH gone AS (
  DELETE FROM {{ table | ident }} AS t
  WHERE ({% for name in key %}t.{{ name | ident }}{% if not loop.last %}, {% endif %}{% endfor %}) = {{ key_sql }}
  RETURNING {% for column in columns %}t.{{ column | ident }}{% if not loop.last %}, {% endif %}{% endfor %}

)
INSERT INTO {{ table | ident }} ({% for column in columns %}{{ column | ident }}{% if not loop.last %}, {% endif %}{% endfor %})
OVERRIDING SYSTEM VALUE SELECT * FROM gone
