-- The numbers of the partitions that are read in some milliseconds.
SELECT item
FROM (
{% include 'repartition/target/partitions.sql' %}
) AS part
WHERE pg_relation_size(to_regclass(name)) <= 4 * 1024 * 1024
