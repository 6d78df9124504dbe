-- The numbers of the partitions without rows: there is nothing to freeze, and nothing to collect.
SELECT item
FROM (
{% include 'repartition/target/partitions.sql' %}
) AS part
WHERE pg_relation_size(to_regclass(name)) = 0
