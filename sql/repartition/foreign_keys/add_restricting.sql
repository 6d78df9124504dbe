{## Adds the foreign keys that forbid a delete to every partition of the new table, not validated yet: no
    scan. Before, they would forbid it for rows that the old table has no longer and the new one has still;
    later, nothing would forbid it. Who writes to a referenced table waits until the end of the swap. -##}
DO $executor$
DECLARE
  key record;
BEGIN
  PERFORM set_config('executor.referenced_at', clock_timestamp()::text, true);
  FOR key IN
    SELECT * FROM (
{% with restricting = true %}
{% include 'repartition/foreign_keys/lacking.sql' %}
{% endwith %}
    ) AS lacking
    ORDER BY conname, leaf
  LOOP
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I %s%s', key.leaf, key.conname, key.definition,
                   CASE WHEN key.definition LIKE '% NOT VALID' THEN '' ELSE ' NOT VALID' END);
  END LOOP;
END
$executor$;
