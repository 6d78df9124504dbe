{## The names that the function of own.sql may have at {{ source }}: literals with commas between. -##}
{{ (source | suffix('_partition_key')).name | literal }}
{%- for number in range(2, 10) %}, {{ (source | suffix('_partition_key_' ~ number)).name | literal }}{% endfor %}
