{## The columns that have values of their own. -##}
{% for column in facts.columns %}{{ column.name | ident }}{% if not loop.last %}, {% endif %}{% endfor -%}
