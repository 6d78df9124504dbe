{## Gives the table executor_relation, its partitions and their sequences to executor_owner and to nobody else:
    default privileges must not open a copy, or a partition beside row level security, to readers. A block of PL/pgSQL
    from its DECLARE on. -##}
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
    WHERE c.oid = executor_relation
      OR c.oid IN (SELECT relid FROM pg_partition_tree(executor_relation))
      OR c.relkind = 'S' AND c.oid IN (
        SELECT objid FROM pg_depend
        WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass AND deptype IN ('a', 'i')
          AND refobjid = executor_relation)
    ORDER BY c.relkind = 'S', c.oid
  LOOP
    IF item.others IS NOT NULL THEN
      EXECUTE format('REVOKE ALL ON %s %s FROM %s', CASE item.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END,
                     item.relation, item.others);
    END IF;
    -- a sequence follows its table
    IF item.relowner <> executor_owner AND item.relkind <> 'S' THEN
      EXECUTE format('ALTER TABLE %s OWNER TO %s', item.relation, executor_owner::regrole);
    END IF;
  END LOOP;
END
