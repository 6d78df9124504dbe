{## That the row `r` of the partitioned table is in the partition of the entry `k`: a condition, to be added to others,
    by which no other partition is looked into. With HASH the key alone does. -##}
{% if routing == 'expression' %}

      AND abs(hashtext(r.{{ key_column | ident }}::text) % {{ partition_count }}) = abs(hashtext(k.{{ key_column | ident }}::text) % {{ partition_count }})
{%- elif routing == 'column' %}

      AND r.partition_key = abs(hashtext(k.{{ key_column | ident }}::text) % {{ partition_count }})
{%- endif %}
