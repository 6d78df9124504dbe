-- The foreign keys of one partition that forbid a delete in the referenced table. Added last, because
-- until the swap they forbid it for rows that the old table has no longer and the new one has still.
-- Lock: SHARE ROW EXCLUSIVE on the referenced tables, so their writers wait; short.
{% with restricting = true %}
{% include 'chunks/partition_foreign_keys.sql' %}
{% endwith %}
