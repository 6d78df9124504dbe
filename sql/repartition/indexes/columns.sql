{## The columns of a primary key, which are to contain what the table is partitioned by, or of the index on the key
    column: `index` says whose. -##}
({% for column in index.columns %}{% if not loop.first %}, {% endif %}{{ column | ident }}{% endfor %}
{%- if key_column not in index.columns %}, {{ key_column | ident }}{% endif %}
{%- if index.primary and routing == 'column' %}, partition_key{% endif %})
{%- for column in index.included %}{% if loop.first %} INCLUDE ({% else %}, {% endif %}{{ column | ident }}{% if loop.last %}){% endif %}{% endfor %}
