-- Adds a foreign key that follows a delete to every partition, not validated yet, so without a scan: from now on a
-- delete in the referenced table reaches the new table in the same transaction as the old one. A partitioned table
-- can't have such a key before PostgreSQL 18, its partitions can.
-- Lock: SHARE ROW EXCLUSIVE on the referenced table, so its writers wait; short, given up after lock_timeout.
{% set key = item %}
{% for item in range(partition_count) %}
{% from 'repartition/target/partition_name.sql' import partition with context %}
ALTER TABLE {{ partition | ident }} ADD CONSTRAINT {{ key.name | ident }} {{ key.definition_sql }} NOT VALID;
{% endfor %}
