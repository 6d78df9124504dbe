-- Takes the foreign keys off the new table and its partitions, so that nothing that is dropped
-- later locks a referenced table.
-- Lock: ACCESS EXCLUSIVE on the referenced tables; short, and given up after lock_timeout.
DO $executor$
DECLARE
  key record;
BEGIN
  FOR key IN
    SELECT conname FROM pg_constraint
    WHERE conrelid = {{ target | literal }}::regclass AND contype = 'f' AND conparentid = 0
  LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', {{ target | literal }}::regclass, key.conname);
  END LOOP;
END
$executor$;
