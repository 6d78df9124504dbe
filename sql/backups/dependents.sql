{## What hangs on tables and would have to go with them: a SELECT without its semicolon. The
    including query has their oids in the array `item.tree`. What belongs to them (indexes, constraints, sequences, rules) is theirs. -##}
SELECT DISTINCT
  home.oid AS home,
  dependency.classid::regclass::text AS class,
  CASE WHEN dependency.classid = 'pg_rewrite'::regclass AND view.relkind IN ('v', 'm')
    THEN pg_describe_object('pg_class'::regclass, view.oid, 0)
    ELSE pg_describe_object(dependency.classid, dependency.objid, 0) END AS object,
  CASE WHEN dependency.classid = 'pg_rewrite'::regclass THEN view.relkind::text END AS view_kind,
  theirs.table_oid
FROM (
  SELECT inside.oid AS table_oid, 'pg_class'::regclass AS classid, inside.oid FROM unnest(item.tree) AS inside (oid)
  UNION ALL
  SELECT c.oid, 'pg_type'::regclass, t.oid FROM unnest(item.tree) AS inside (oid)
  JOIN pg_class AS c ON c.oid = inside.oid JOIN pg_type AS t ON c.reltype IN (t.oid, t.typelem)
  UNION ALL
  SELECT inside.oid, 'pg_class'::regclass, d.objid FROM unnest(item.tree) AS inside (oid)
  JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = inside.oid AND d.deptype IN ('a', 'i')
  JOIN pg_class AS s ON d.classid = 'pg_class'::regclass AND s.oid = d.objid AND s.relkind = 'S'
) AS theirs
JOIN pg_depend AS dependency
  ON dependency.refclassid = theirs.classid AND dependency.refobjid = theirs.oid AND dependency.deptype = 'n'
LEFT JOIN pg_rewrite AS rule ON dependency.classid = 'pg_rewrite'::regclass AND rule.oid = dependency.objid
LEFT JOIN pg_class AS view ON view.oid = rule.ev_class
CROSS JOIN LATERAL (
  SELECT CASE dependency.classid
    WHEN 'pg_rewrite'::regclass THEN rule.ev_class
    WHEN 'pg_constraint'::regclass THEN (SELECT conrelid FROM pg_constraint AS k WHERE k.oid = dependency.objid)
    WHEN 'pg_attrdef'::regclass THEN (SELECT adrelid FROM pg_attrdef AS a WHERE a.oid = dependency.objid)
    WHEN 'pg_trigger'::regclass THEN (SELECT tgrelid FROM pg_trigger AS t WHERE t.oid = dependency.objid)
    WHEN 'pg_policy'::regclass THEN (SELECT polrelid FROM pg_policy AS p WHERE p.oid = dependency.objid)
    WHEN 'pg_statistic_ext'::regclass THEN (SELECT stxrelid FROM pg_statistic_ext AS x WHERE x.oid = dependency.objid)
    WHEN 'pg_class'::regclass THEN coalesce((SELECT indrelid FROM pg_index AS i WHERE i.indexrelid = dependency.objid), dependency.objid)
  END
) AS home (oid)
WHERE home.oid IS NULL OR home.oid <> ALL (item.tree)
