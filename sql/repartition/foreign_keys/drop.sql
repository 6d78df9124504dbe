-- Drops a foreign key of the new table, or what its partitions have of it. One a transaction, so that never two
-- referenced tables are locked.
-- Lock: ACCESS EXCLUSIVE on the referenced table; short, and given up after lock_timeout.
{% set key = item %}
ALTER TABLE IF EXISTS {{ target | ident }} DROP CONSTRAINT IF EXISTS {{ key.name | ident }};
{% for item in range(partition_count) %}
{% from 'repartition/target/partition_name.sql' import partition with context %}
ALTER TABLE IF EXISTS {{ partition | ident }} DROP CONSTRAINT IF EXISTS {{ key.name | ident }};
{% endfor %}
