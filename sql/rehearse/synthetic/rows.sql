{## Makes rows that nobody has, of the numbers from `first` to `last`; but for those that break a check. Rows that are told apart by
    whom they refer to are left out if they are there already. -##}
INSERT INTO {{ table | ident }} ({% for column in columns %}{{ column.name | ident }}{% if not loop.last %}, {% endif %}{% endfor %})
OVERRIDING SYSTEM VALUE
SELECT {% if apart %} DISTINCT ON ({% for name in apart %}made.{{ name | ident }}{% if not loop.last %}, {% endif %}{% endfor %}) {% endif %} {% for column in columns %}made.{{ column.name | ident }}{% if not loop.last %}, {% endif %}{% endfor %}

FROM ({% include 'rehearse/synthetic/made.sql' %}) AS made
WHERE {% for check in checks %}({{ check.check_sql }}) IS NOT FALSE AND {% endfor %}
{% if apart %}
  NOT EXISTS (SELECT FROM {{ table | ident }} AS there WHERE {% for name in apart %}there.{{ name | ident }} = made.{{ name | ident }}{% if not loop.last %} AND {% endif %}{% endfor %})
{% else %}
  true
{% endif %}
