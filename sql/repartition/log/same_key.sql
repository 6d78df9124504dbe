{## Whether the row `r` is the one that the entry `k` of a log means: an expression. -##}
{% for column in facts.key %}r.{{ column.name | ident }} {{ column.equals_sql }} k.{{ column.name | ident }}{% if not loop.last %} AND {% endif %}{% else %}false{% endfor %}
