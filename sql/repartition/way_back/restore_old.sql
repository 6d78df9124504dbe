-- Gives the old table its foreign keys again that follow a delete, not validated yet.
-- Lock: SHARE ROW EXCLUSIVE on the referenced tables, so their writers wait; short.
{% include 'repartition/log/no_foreign_sync.sql' %}

-- Before the table has its keys again.
DO $executor$
BEGIN
  PERFORM {{ sync | ident }}();
END
$executor$;

{% with restricting = false %}
{% include 'repartition/way_back/restore_keys.sql' %}
{% endwith %}
