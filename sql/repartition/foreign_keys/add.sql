-- Adds a foreign key that follows a delete to every partition, or to the new table if it has none, not validated yet, so without a scan: from now on a
-- delete in the referenced table reaches the new table in the same transaction as the old one. A partitioned table
-- can't have such a key before PostgreSQL 18, its partitions can.
-- Lock: SHARE ROW EXCLUSIVE on the referenced table, so its writers wait; short, given up after lock_timeout.
{% set key = item %}
{% from 'repartition/target/holders.sql' import holders with context %}
{% for partition in holders %}
ALTER TABLE {{ partition | ident }} ADD CONSTRAINT {{ key.name | ident }} {{ key.definition_sql }} NOT VALID;
{% endfor %}
