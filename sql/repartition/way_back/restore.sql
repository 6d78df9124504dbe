{## Gives the old table the foreign key `item` again if it follows a delete. -##}
{% if item.forbids_delete %}
-- A foreign key that forbids a delete comes back with the swap back.
{% else %}
-- Gives the old table a foreign key again that follows a delete, not validated yet, so without a scan.
-- Lock: SHARE ROW EXCLUSIVE on the referenced table, so its writers wait; short.
{% include 'repartition/log/no_foreign_sync.sql' %}

-- Before the table has its keys again. A row whose referenced row somebody is just deleting is in the way of those that are
-- back already, until that is in the log.
DO $executor$
BEGIN
  FOR time IN 1..5 LOOP
    BEGIN
      PERFORM {{ sync | ident }}(true, 0, 1);
      EXIT;
    EXCEPTION WHEN SQLSTATE 'EX002' OR serialization_failure THEN
      IF time = 5 THEN
        RAISE;
      END IF;
    END;
  END LOOP;
END
$executor$;
{% with key = item %}
{% include 'repartition/way_back/add_key.sql' %}
{% endwith %}
{% endif %}
