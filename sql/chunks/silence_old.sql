-- Disables the application's triggers on the old table: on the way back rows are written to it for which
-- they have fired once. The swap back enables them as they were.
-- Lock: SHARE ROW EXCLUSIVE on the old table and its partitions, which nobody uses.
DO $executor$
DECLARE
  relation regclass;
BEGIN
  FOR relation IN
    SELECT {{ old | literal }}::regclass UNION SELECT relid FROM pg_partition_tree({{ old | literal }}::regclass)
  LOOP
    EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', relation);
  END LOOP;
END
$executor$;
