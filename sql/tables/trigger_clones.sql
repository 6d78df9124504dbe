
-- Before PostgreSQL 15 the partitions do not follow when a trigger is enabled or disabled.
DO $executor$
DECLARE
  item record;
BEGIN
  FOR item IN
    SELECT clone.tgrelid::regclass AS partition, clone.tgname, whole.tgenabled
    FROM pg_trigger AS whole
    JOIN pg_trigger AS clone ON clone.tgparentid = whole.oid AND clone.tgenabled <> whole.tgenabled
    WHERE whole.tgrelid = {{ relation | literal }}::regclass AND NOT whole.tgisinternal
  LOOP
    EXECUTE format('ALTER TABLE %s %s TRIGGER %I', item.partition,
      CASE item.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'A' THEN 'ENABLE ALWAYS' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE' END,
      item.tgname);
  END LOOP;
END
$executor$;
