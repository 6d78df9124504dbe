-- Drops a foreign key of the old table: it would block deletes in the referenced table, or delete rows of the
-- table that is kept. One a transaction, so that never two referenced tables are locked.
-- Lock: ACCESS EXCLUSIVE on the referenced table and the old one; short, and given up after lock_timeout.
CALL pg_temp.executor_refuse_renamed();

ALTER TABLE IF EXISTS {% if item.partition_sql is none %}{{ old | ident }}{% else %}{{ item.partition_sql }}{% endif %} DROP CONSTRAINT IF EXISTS {{ item.name | ident }};
{% if facts.table[0].partitioned and item.partition_sql is none %}
-- A rollback that was given up has added it to the partitions by themselves.
{% for leaf in facts.leaves %}
ALTER TABLE IF EXISTS {{ leaf.schema | ident }}.{{ leaf.name | ident }} DROP CONSTRAINT IF EXISTS {{ item.name | ident }};
{% endfor %}
{% endif %}
