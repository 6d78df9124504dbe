-- Gives the old table its foreign keys again that follow a delete, not validated yet.
-- Lock: SHARE ROW EXCLUSIVE on the referenced tables, so their writers wait; short.
{% with restricting = false %}
{% include 'chunks/restore_keys.sql' %}
{% endwith %}
