{## Sends the rows with some keys. What is compared has types of PostgreSQL's own, or is compared as one of them: no other
    operator is in the search path. -##}
COPY (
  SELECT {% for column in columns %}t.{{ column | ident }}{% if not loop.last %}, {% endif %}{% endfor %}

  FROM {{ table | ident }} AS t
  WHERE ({% for column in key %}t.{{ column | ident }}{% if not loop.last %}, {% endif %}{% endfor %}) IN (VALUES {{ keys_sql }})
) TO STDOUT
