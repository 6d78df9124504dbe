{## The partitions: a SELECT of (item, name) without its semicolon, by number. -##}
{% from 'layout/' ~ layout ~ '/numbers.sql' import numbers with context %}
SELECT item, name FROM (VALUES (NULL::integer, NULL)
{% for some in numbers | batch(3) %}
{% for item in some %}
{% from 'repartition/target/partition_name.sql' import partition with context %}
 , ({{ item }}, {{ partition | literal }})
{%- endfor %}

{% endfor %}
) AS part (item, name) WHERE item IS NOT NULL
