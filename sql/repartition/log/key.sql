{## The columns by which a row is known: a list. -##}
{% for column in facts.key %}{{ column.name | ident }}{% if not loop.last %}, {% endif %}{% endfor %}
