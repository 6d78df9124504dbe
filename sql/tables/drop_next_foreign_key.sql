-- Drops the next foreign key of the old table: it would block deletes in the referenced tables, or
-- delete rows of the table that is kept. One a transaction, so that never two tables are locked.
-- Lock: ACCESS EXCLUSIVE on the referenced table and the old one; short, and given up after lock_timeout.
DO $executor$
DECLARE
  key record;
BEGIN
  SELECT conrelid::regclass AS relation, conname INTO key
  FROM pg_constraint
  WHERE contype = 'f' AND conparentid = 0 AND conrelid IN (
    SELECT {{ old | literal }}::regclass UNION SELECT relid FROM pg_partition_tree({{ old | literal }}::regclass))
  ORDER BY confdeltype NOT IN ('a', 'r'), oid LIMIT 1;
  IF FOUND THEN
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', key.relation, key.conname);
  END IF;
END
$executor$;
