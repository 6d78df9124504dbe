{## Makes rows that nobody has, as many as `most`, if so many are among those that are tried and break no check. -##}
INSERT INTO {{ table | ident }} ({% for column in columns %}{{ column.name | ident }}{% if not loop.last %}, {% endif %}{% endfor %})
OVERRIDING SYSTEM VALUE
SELECT {% if apart %} DISTINCT ON ({% for name in apart %}{{ name | ident }}{% if not loop.last %}, {% endif %}{% endfor %}) {% endif %} {% for column in columns %}{{ column.name | ident }}{% if not loop.last %}, {% endif %}{% endfor %}

FROM ({% include 'rehearse/synthetic/made.sql' %}) AS made
WHERE {% for check in checks %}({{ check.check_sql }}) IS NOT FALSE AND {% endfor %} true
LIMIT {{ most }}
