{## Gives the table `relation` and its partitions to the owner of the source and to nobody else:
    default privileges must not open a copy, or a partition beside row level security, to readers. -##}
DO $executor$
DECLARE
  owner regrole := (SELECT relowner FROM pg_class WHERE oid = {{ source | literal }}::regclass);
  item record;
BEGIN
  FOR item IN
    SELECT
      c.oid::regclass AS relation,
      c.relowner,
      (SELECT string_agg(DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, ', ')
       FROM aclexplode(c.relacl) AS a WHERE a.grantee <> c.relowner) AS others
    FROM pg_class AS c
    WHERE c.oid = {{ relation | literal }}::regclass
      OR c.oid IN (SELECT relid FROM pg_partition_tree({{ relation | literal }}::regclass))
    ORDER BY c.oid
  LOOP
    IF item.others IS NOT NULL THEN
      EXECUTE format('REVOKE ALL ON TABLE %s FROM %s', item.relation, item.others);
    END IF;
    IF item.relowner <> owner THEN
      EXECUTE format('ALTER TABLE %s OWNER TO %s', item.relation, owner);
    END IF;
  END LOOP;
END
$executor$;
