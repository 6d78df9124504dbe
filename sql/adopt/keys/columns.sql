{## The columns of the primary key `index`, with the one by which the table is partitioned, and what it includes. -##}
({% for column in index.columns %}{{ column | ident }}, {% endfor %}{{ key_column | ident }})
{%- for column in index.included %}{% if loop.first %} INCLUDE ({% else %}, {% endif %}{{ column | ident }}{% if loop.last %}){% endif %}{% endfor %}
