{## Functions and rules of the database that say ON CONFLICT for the table: `always`, or where it has unique indexes in `narrow`,
    which are those of the partitions afterwards. One finding. -##}
SELECT
  'functions and rules that say ON CONFLICT' AS subject, 'find what they name' AS expected,
  coalesce({% include 'tables/listed.sql' %} || ': each call fails after the swap where it names columns or a constraint that are not unique in the table as a whole', 'find what they name') AS actual,
  count(listed.name) = 0 AS passed
FROM (SELECT 1) AS one
LEFT JOIN (
  SELECT said.name
  FROM pg_class AS c
  CROSS JOIN LATERAL (
    SELECT f.oid::regprocedure::text, coalesce(pg_get_function_sqlbody(f.oid), f.prosrc)
    FROM pg_proc AS f JOIN pg_language AS l ON l.oid = f.prolang AND l.lanname NOT IN ('c', 'internal')
    WHERE f.pronamespace <> 'pg_catalog'::regnamespace
    UNION ALL
    SELECT format('%I on %s', r.rulename, r.ev_class::regclass), pg_get_ruledef(r.oid)
    FROM pg_rewrite AS r WHERE r.rulename <> '_RETURN'
  ) AS said (name, text)
  WHERE c.oid = to_regclass({{ source | literal }}){% if not always %} AND EXISTS (SELECT FROM narrow){% endif %}

    AND said.text ~* ('\mINTO\s+([^[:space:](;]*\.)?"?' || regexp_replace(c.relname, '([^[:alnum:]_])', '\\\1', 'g')
      || '(?![[:alnum:]_$])[^;]*\mON\s+CONFLICT\s*(\(|ON\s+CONSTRAINT)')
) AS listed ON true
