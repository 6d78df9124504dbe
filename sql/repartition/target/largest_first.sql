-- The numbers of the partitions, the largest first: no worker begins with one when the others have no more.
{% from 'repartition/target/partition_name.sql' import begins, digits with context %}
SELECT item
FROM generate_series(0, {{ partition_count }} - 1) AS item
ORDER BY pg_relation_size(to_regclass(format('%I.%I', {{ source.schema | literal }}, {{ begins | literal }}
  || lpad(item::text, {{ digits }}, '0')))) DESC NULLS LAST, item
