{## That the row `r` is in the partition of the entry `k`: a condition, to be added to others. ##}
{% if routing == 'expression' %}

      AND abs(hashtext(r.{{ key_column | ident }}::text) % {{ partition_count }}) = abs(hashtext(k.{{ key_column | ident }}::text) % {{ partition_count }})
{%- else %}

      AND r.partition_key = abs(hashtext(k.{{ key_column | ident }}::text) % {{ partition_count }})
{%- endif %}