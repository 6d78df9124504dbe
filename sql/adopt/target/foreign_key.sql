-- A foreign key of every new partition, which is empty. That of the table as a whole follows after the swap, and adopts them.
-- Lock: SHARE ROW EXCLUSIVE on the referenced table, so its writers wait; short, given up after lock_timeout.
{% with written = [], read = [target], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}
{% with looked_up = [item.referenced_sql] %}
{% include 'security/no_foreign_plans.sql' %}
{% endwith %}
{% for part in facts.partitions %}
ALTER TABLE {{ source.schema | ident }}.{{ part.name | ident }} ADD CONSTRAINT {{ item.name | ident }} {{ item.definition_sql }};
{% endfor %}
