-- Drops the next foreign key of the new table, first those of the whole, then those of partitions. One a
-- transaction, so that never two referenced tables are locked; it reports whether there was one.
-- Lock: ACCESS EXCLUSIVE on the referenced table; short, and given up after lock_timeout.
DO $executor$
DECLARE
  key record;
BEGIN
  SELECT conrelid::regclass AS relation, conname INTO key
  FROM pg_constraint
  WHERE contype = 'f' AND conparentid = 0 AND (
    conrelid = {{ target | literal }}::regclass
    OR conrelid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = {{ target | literal }}::regclass))
  ORDER BY conrelid <> {{ target | literal }}::regclass, conname, conrelid LIMIT 1;
  IF FOUND THEN
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', key.relation, key.conname);
  END IF;
  PERFORM set_config('executor.rows', FOUND::int::text, true);
END
$executor$;
