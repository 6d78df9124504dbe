{## What reads the table that leaves and is bound to it, not to its name: as statements that bind it to
    whatever has the name when they are run. A SELECT without its semicolon. -##}
WITH reader AS (
  SELECT DISTINCT d.classid, d.objid
  FROM pg_temp.swap_pairs AS pair
  JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = pair.leaving AND d.deptype = 'n'
)
SELECT 'view ' || v.oid::regclass AS name,
  format('CREATE OR REPLACE VIEW %s%s AS %s', v.oid::regclass,
    (SELECT ' WITH (' || string_agg(format('%I = %L', option_name, option_value), ', ') || ')'
     FROM pg_options_to_table(v.reloptions)), pg_get_viewdef(v.oid)) AS statement
FROM reader
JOIN pg_rewrite AS r ON reader.classid = 'pg_rewrite'::regclass AND r.oid = reader.objid AND r.rulename = '_RETURN'
JOIN pg_class AS v ON v.oid = r.ev_class AND v.relkind = 'v'
UNION ALL
SELECT 'rule ' || r.rulename || ' on ' || r.ev_class::regclass, 'CREATE OR REPLACE' || substr(pg_get_ruledef(r.oid), length('CREATE') + 1)
FROM reader
JOIN pg_rewrite AS r ON reader.classid = 'pg_rewrite'::regclass AND r.oid = reader.objid AND r.rulename <> '_RETURN'
WHERE r.ev_class NOT IN (SELECT leaving FROM pg_temp.swap_pairs WHERE leaving IS NOT NULL)
UNION ALL
SELECT 'function ' || p.oid::regprocedure, pg_get_functiondef(p.oid)
FROM reader
JOIN pg_proc AS p ON reader.classid = 'pg_proc'::regclass AND p.oid = reader.objid
UNION ALL
SELECT 'policy ' || p.polname || ' on ' || p.polrelid::regclass,
  format('ALTER POLICY %I ON %s', p.polname, p.polrelid::regclass)
    || coalesce(' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', '')
    || coalesce(' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '')
FROM reader
JOIN pg_policy AS p ON reader.classid = 'pg_policy'::regclass AND p.oid = reader.objid
WHERE p.polrelid NOT IN (SELECT leaving FROM pg_temp.swap_pairs WHERE leaving IS NOT NULL)
