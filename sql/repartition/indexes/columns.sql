{## The columns of a primary key, which are to contain what the table is partitioned by, or of the index on the key
    column: `index` says whose. -##}
{% from 'layout/' ~ layout ~ '/shape.sql' import unique_needs with context -%}
({% for column in index.columns %}{% if not loop.first %}, {% endif %}{{ column | ident }}{% endfor %}
{%- for column in unique_needs or [] if index.primary and column not in index.columns %}, {{ column | ident }}{% endfor %})
{%- for column in index.included %}{% if loop.first %} INCLUDE ({% else %}, {% endif %}{{ column | ident }}{% if loop.last %}){% endif %}{% endfor %}
