-- The numbers of the partitions that need no vacuum: those without rows, and those that were vacuumed, since when at
-- most one row in fifty is new or dead. What the server has counted is lost in a crash; then all are vacuumed.
SELECT item
FROM (
{% include 'repartition/target/partitions.sql' %}
) AS part
JOIN pg_class AS c ON c.oid = to_regclass(name)
WHERE pg_relation_size(c.oid) = 0
  OR pg_stat_get_last_vacuum_time(c.oid) IS NOT NULL
{% if facts.server[0].version >= 180000 %}
    AND pg_stat_get_last_analyze_time(c.oid) IS NOT NULL
{% endif %}
    AND 50 * (pg_stat_get_ins_since_vacuum(c.oid) + pg_stat_get_dead_tuples(c.oid)) <= c.reltuples
