{## Gives the table `relation` to the owner of the source and to nobody else: default privileges
    must not open a copy, or a partition beside row level security, to readers. -##}
DO $executor$
DECLARE
  relation regclass := {{ relation | literal }};
  owner regrole := (SELECT relowner FROM pg_class WHERE oid = {{ source | literal }}::regclass);
  grantee text;
BEGIN
  FOR grantee IN
    SELECT DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END
    FROM pg_class AS c, aclexplode(c.relacl) AS a
    WHERE c.oid = relation AND a.grantee <> c.relowner
  LOOP
    EXECUTE format('REVOKE ALL ON TABLE %s FROM %s', relation, grantee);
  END LOOP;
  IF owner <> (SELECT relowner FROM pg_class WHERE oid = relation) THEN
    EXECUTE format('ALTER TABLE %s OWNER TO %s', relation, owner);
  END IF;
END
$executor$;
