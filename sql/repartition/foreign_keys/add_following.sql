-- Foreign keys of partitions that follow a delete in the referenced table: from now on that reaches
-- the new table in the same transaction as the old one.
-- Lock: SHARE ROW EXCLUSIVE on the referenced table, so its writers wait; short, given up after lock_timeout.
{% with restricting = false %}
{% include 'repartition/foreign_keys/add_next.sql' %}
{% endwith %}
