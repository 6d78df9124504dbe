{## Whether a row, or what is known of it by its key, belongs to one of the partitions `numbers`: a condition; `alias` is
    what the row is called. -##}
{% if routing == 'hash' %}
EXISTS (SELECT FROM unnest({{ numbers | literal }}::integer[]) AS number WHERE satisfies_hash_partition({{ source | literal }}::regclass, {{ partition_count }}, number, {{ alias | ident }}.{{ key_column | ident }}))
{%- else %}
abs(hashtext({{ alias | ident }}.{{ key_column | ident }}::text) % {{ partition_count }}) = ANY ({{ numbers | literal }}::integer[])
{%- endif %}