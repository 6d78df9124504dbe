-- The foreign keys of one partition that follow a delete in the referenced table (CASCADE, SET NULL, SET
-- DEFAULT): from now on it reaches the new table in the same transaction as the old one.
-- Lock: SHARE ROW EXCLUSIVE on the referenced tables, so their writers wait; short.
{% with restricting = false %}
{% include 'chunks/partition_foreign_keys.sql' %}
{% endwith %}
