-- The numbers of the partitions, the largest first: no worker begins with one when the others have no more.
SELECT item
FROM (
{% include 'repartition/target/partitions.sql' %}
) AS part
ORDER BY pg_relation_size(to_regclass(name)) DESC NULLS LAST, item
