{## The partitions that the run has made, by number: a SELECT of (number, name, short, here, bound, given_up), where `here` is
    what has the name now, and `bound` which rows are in it. -##}
SELECT * FROM (VALUES
{% from 'repartition/way_back/given_up.sql' import numbers with context %}
{% for item in range(partition_count) %}
{% from 'repartition/target/partition_name.sql' import partition with context %}
  ({{ item }}, {{ partition | string | literal }}, {{ partition.name | literal }}, to_regclass({{ partition | literal }}),
   {% if routing == 'hash' %}'FOR VALUES WITH (MODULUS {{ partition_count }}, REMAINDER {{ item }})'{% else %}'FOR VALUES IN ({{ item }})'{% endif %}, {{ (item in numbers) | literal }}){% if not loop.last %},{% endif %}

{% endfor %}
) AS part (number, name, short, here, bound, given_up)
