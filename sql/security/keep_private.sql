{## Gives the table `kept`, its partitions and their sequences to the owner of the table `owner_of` and to nobody else:
    default privileges must not open a copy, or a partition beside row level security, to readers. A block of PL/pgSQL
    from its DECLARE on. -##}
  new_owner CONSTANT regrole := (SELECT relowner FROM pg_class WHERE oid = owner_of);
  item record;
BEGIN
  FOR item IN
    SELECT
      CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind,
      c.oid::regclass AS called,
      CASE WHEN c.relkind <> 'S' THEN c.relowner END AS owner, -- a sequence follows its table
      (SELECT string_agg(DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, ', ')
       FROM aclexplode(c.relacl) AS a WHERE a.grantee <> c.relowner) AS others
    FROM pg_class AS c
    WHERE c.oid = kept
      OR c.oid IN (SELECT relid FROM pg_partition_tree(kept))
      OR c.relkind = 'S' AND c.oid IN (
        SELECT objid FROM pg_depend
        WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass AND deptype IN ('a', 'i')
          AND refobjid = kept)
    ORDER BY c.relkind <> 'S', c.oid
  LOOP
{% include 'security/hand_over.sql' %}
  END LOOP;
END
