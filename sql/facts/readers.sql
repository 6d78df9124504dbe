-- What reads the table, a materialized view on it or one of its sequences, and is bound to it and not to its name: as
-- statements that bind it to whatever has the name when they are run. The youngest first, which reads the others. What
-- watches the new table is made anew by every run, and dropped before a swap back. What another session has made for
-- itself, such as a temporary view, is left out: it ends with that, and only that can bind it anew.
WITH reader AS (
  SELECT DISTINCT d.classid, d.objid
  FROM (
    SELECT to_regclass({{ source | literal }})::oid
    UNION ALL
    SELECT oid FROM (
{% include 'facts/fragments/reading_views.sql' %}
    ) AS view
    UNION ALL
    SELECT s.seqrelid
    FROM pg_depend JOIN pg_sequence AS s ON s.seqrelid = objid
    WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass AND refobjid = to_regclass({{ source | literal }})
      AND deptype = 'i'
  ) AS read (oid)
  JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = read.oid AND d.deptype = 'n'
)
SELECT kind || ' ' || name AS name, kind, schema, view_sql, owner_sql, statement_sql
FROM (
  SELECT v.oid, v.relnamespace AS namespace, CASE v.relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END AS kind, v.oid::regclass::text AS name,
    v.oid::regclass::text AS view_sql, v.relowner::regrole::text AS owner_sql,
    CASE v.relkind WHEN 'v' THEN format('CREATE OR REPLACE VIEW %s%s AS %s', v.oid::regclass,
      (SELECT ' WITH (' || string_agg(format('%I = %L', option_name, option_value), ', ') || ')' FROM pg_options_to_table(v.reloptions)),
      rtrim(pg_get_viewdef(v.oid), ';')) END AS statement_sql
  FROM reader
  JOIN pg_rewrite AS r ON reader.classid = 'pg_rewrite'::regclass AND r.oid = reader.objid AND r.rulename = '_RETURN'
  JOIN pg_class AS v ON v.oid = r.ev_class AND v.relkind IN ('v', 'm')
  UNION ALL
  SELECT r.oid, c.relnamespace, 'rule', format('%I on %s', r.rulename, c.oid::regclass), NULL, c.relowner::regrole::text,
    'CREATE OR REPLACE' || substr(rtrim(pg_get_ruledef(r.oid), ';'), length('CREATE') + 1)
  FROM reader
  JOIN pg_rewrite AS r ON reader.classid = 'pg_rewrite'::regclass AND r.oid = reader.objid AND r.rulename <> '_RETURN'
  JOIN pg_class AS c ON c.oid = r.ev_class
  WHERE r.ev_class <> to_regclass({{ source | literal }})
  UNION ALL
  -- null: PostgreSQL prints something else than the definition, and the check says so (check/bound.sql)
  SELECT p.oid, p.pronamespace, 'function', p.oid::regprocedure::text, NULL, p.proowner::regrole::text,
    CASE WHEN NOT {% include 'facts/fragments/is_misprinted.sql' %} THEN rtrim(pg_get_functiondef(p.oid), E'\n') END
  FROM reader
  JOIN pg_proc AS p ON reader.classid = 'pg_proc'::regclass AND p.oid = reader.objid
  UNION ALL
  SELECT p.oid, c.relnamespace, 'policy', format('%I on %s', p.polname, c.oid::regclass), NULL, c.relowner::regrole::text,
    format('ALTER POLICY %I ON %s', p.polname, p.polrelid::regclass)
      || coalesce(' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', '')
      || coalesce(' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '')
  FROM reader
  JOIN pg_policy AS p ON reader.classid = 'pg_policy'::regclass AND p.oid = reader.objid
  JOIN pg_class AS c ON c.oid = p.polrelid
  WHERE p.polrelid <> to_regclass({{ source | literal }})
) AS bound
CROSS JOIN LATERAL (SELECT n.nspname::text FROM pg_namespace AS n WHERE n.oid = bound.namespace) AS home (schema)
WHERE schema !~ '^pg_temp_'
  -- given up: it stays with the old table
  AND NOT EXISTS (
    SELECT FROM (
{% include 'facts/fragments/bound_to_key.sql' %}
    ) AS k
    CROSS JOIN pg_identify_object(CASE WHEN k.view IS NULL THEN k.classid ELSE 'pg_class'::regclass END, coalesce(k.view, k.objid), 0) AS object
    WHERE coalesce(k.view, k.objid) = bound.oid AND object.identity = ANY ({% include 'repartition/check/accepted.sql' %}))
  AND (to_regclass({{ old | literal }}) IS NULL OR oid NOT IN (SELECT oid FROM (
{% include 'health/watching.sql' %}
) AS ours))
ORDER BY oid DESC
