{## Gives the table `kept`, its partitions and their sequences to the owner of the table `owner_of` and to nobody else:
    default privileges must not open a copy, or a partition beside row level security, to readers. A block of PL/pgSQL
    from its DECLARE on. -##}
  new_owner CONSTANT oid := (SELECT relowner FROM pg_class WHERE oid = owner_of);
  item record;
BEGIN
  FOR item IN
    SELECT
      c.oid::regclass AS relation,
      c.relkind,
      c.relowner,
      (SELECT string_agg(DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, ', ')
       FROM aclexplode(c.relacl) AS a WHERE a.grantee <> c.relowner) AS others
    FROM pg_class AS c
    WHERE c.oid = kept
      OR c.oid IN (SELECT relid FROM pg_partition_tree(kept))
      OR c.relkind = 'S' AND c.oid IN (
        SELECT objid FROM pg_depend
        WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass AND deptype IN ('a', 'i')
          AND refobjid = kept)
    ORDER BY c.relkind = 'S', c.oid
  LOOP
    IF item.others IS NOT NULL THEN
      EXECUTE format('REVOKE ALL ON %s %s FROM %s', CASE item.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END,
                     item.relation, item.others);
    END IF;
    -- a sequence follows its table
    IF item.relowner <> new_owner AND item.relkind <> 'S' THEN
      EXECUTE format('ALTER TABLE %s OWNER TO %s', item.relation, new_owner::regrole);
    END IF;
  END LOOP;
END
