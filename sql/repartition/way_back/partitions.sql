{## The partitions that the run has made, by number: a SELECT of (number, name, short, here, bound, given_up), where `here` is
    what has the name now, and `bound` which rows are in it. -##}
SELECT * FROM (VALUES
{% for item in range(partition_count) %}
{% from 'repartition/target/partition_name.sql' import partition with context %}
  ({{ item }}, {{ partition | string | literal }}, {{ partition.name | literal }}, to_regclass({{ partition | literal }}),
   {% if routing == 'hash' %}'FOR VALUES WITH (MODULUS {{ partition_count }}, REMAINDER {{ item }})'{% else %}'FOR VALUES IN ({{ item }})'{% endif %}, {{ (partition | string in given_up or partition.name in given_up) | literal }}){% if not loop.last %},{% endif %}

{% endfor %}
) AS part (number, name, short, here, bound, given_up)
