{## Disables the application's triggers and rules on the old table: on the way back rows are written to it
    for which they have done their work once; not those that log what reaches it. The swap back enables them as they were. Then it keeps
    writers out of the old table's partitions, by whose names they could write past the new table. -##}
DO $executor$
DECLARE
  item record;
BEGIN
  FOR item IN
    SELECT tgrelid::regclass AS relation, tgname FROM pg_trigger
    WHERE (tgrelid = {{ old | literal }}::regclass OR tgrelid IN (SELECT relid FROM pg_partition_tree({{ old | literal }}::regclass)))
      AND NOT tgisinternal AND tgfoid <> {{ log | literal }}::regproc
    ORDER BY tgrelid, tgname
  LOOP
    EXECUTE format('ALTER TABLE ONLY %s DISABLE TRIGGER %I', item.relation, item.tgname);
  END LOOP;
  FOR item IN
    SELECT rulename FROM pg_rewrite
    WHERE ev_class = {{ old | literal }}::regclass AND rulename <> '_RETURN' AND ev_enabled <> 'D'
  LOOP
    EXECUTE format('ALTER TABLE %s DISABLE RULE %I', {{ old | literal }}::regclass, item.rulename);
  END LOOP;
  FOR item IN
    SELECT relid AS relation FROM pg_partition_tree({{ old | literal }}::regclass)
    WHERE relid <> {{ old | literal }}::regclass ORDER BY relid
  LOOP
    EXECUTE format('CREATE TRIGGER executor_guard BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON %s '
                   'FOR EACH STATEMENT EXECUTE FUNCTION %s()', item.relation, {{ old | literal }});
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER executor_guard', item.relation);
  END LOOP;
END
$executor$;
