{## Keys of some rows, as values in parentheses. -##}
SELECT '(' || {% for column in key %}format('%L::%s', t.{{ column | ident }}, pg_typeof(t.{{ column | ident }})){% if not loop.last %} || ', ' || {% endif %}{% endfor %} || ')' AS key_sql
FROM {{ table | ident }} AS t ORDER BY random() LIMIT {{ at_most }}
