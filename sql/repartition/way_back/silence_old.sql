{## Disables the application's triggers and rules on the old table: on the way back rows are written to it
    for which they have done their work once; not those that log what reaches it. The swap back enables them as they were. Then it keeps
    writers out of the old table and its partitions, by whose names they could write past the new table. What was granted
    on the old table and its sequences is the new one's now, and is taken from it: a write to it would be in the
    way back. The swap back grants what is granted on the table in use by then. -##}
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
    SELECT c.oid::regclass AS relation, CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind,
      string_agg(DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, ', ') AS others
    FROM pg_class AS c
    LEFT JOIN pg_attribute AS part ON part.attrelid = c.oid AND part.attacl IS NOT NULL
    CROSS JOIN LATERAL (SELECT * FROM aclexplode(c.relacl) UNION ALL SELECT * FROM aclexplode(part.attacl)) AS a
    WHERE a.grantee <> c.relowner AND (c.oid = {{ old | literal }}::regclass OR c.relkind = 'S' AND c.oid IN (
      SELECT objid FROM pg_depend
      WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass AND deptype IN ('a', 'i')
        AND refobjid = {{ old | literal }}::regclass))
    GROUP BY c.oid, c.relkind
  LOOP
    -- CASCADE: with what they have granted on
    EXECUTE format('REVOKE ALL ON %s %s FROM %s CASCADE', item.kind, item.relation, item.others);
  END LOOP;
  FOR item IN
    SELECT {{ old | literal }}::regclass AS relation
    UNION SELECT relid FROM pg_partition_tree({{ old | literal }}::regclass) ORDER BY relation
  LOOP
    EXECUTE format('CREATE TRIGGER executor_guard BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON %s '
                   'FOR EACH STATEMENT EXECUTE FUNCTION %s()', item.relation, {{ old | literal }});
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER executor_guard', item.relation);
  END LOOP;
END
$executor$;
