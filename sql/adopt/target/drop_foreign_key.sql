-- Drops the foreign key of every new partition. One a transaction, so that never two referenced tables are locked.
-- Lock: ACCESS EXCLUSIVE on the referenced table; short, and given up after lock_timeout.
ALTER TABLE IF EXISTS {{ target | ident }} DROP CONSTRAINT IF EXISTS {{ item.name | ident }};
{% for part in facts.partitions %}
ALTER TABLE IF EXISTS {{ source.schema | ident }}.{{ part.name | ident }} DROP CONSTRAINT IF EXISTS {{ item.name | ident }};
{% endfor %}
