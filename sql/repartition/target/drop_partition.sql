-- Drops one partition of the new table; the source still has its rows.
-- Lock: ACCESS EXCLUSIVE on the partition and its parent, which nobody uses.
{% from 'repartition/target/partition_name.sql' import partition with context %}
DROP TABLE IF EXISTS {{ partition | ident }};
