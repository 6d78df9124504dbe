-- Is the journal there, and is it ours? Asked of the catalogs alone: a schema that another role has made could
-- hold a view of the journal's name, and to read that would be to do what the role likes. So all of it has to
-- belong to roles that this session trusts, and be made of nothing but what PostgreSQL brings along. No lock.
WITH journal AS (
  SELECT oid, nspowner, nspacl FROM pg_namespace WHERE nspname = 'executor'
), relation AS (
  SELECT c.*, c.oid AS id, format('executor.%I', c.relname) AS title
  FROM journal AS j
  JOIN pg_class AS c ON c.relnamespace = j.oid
), ours AS (
  SELECT * FROM relation
  WHERE relname IN ('version', 'runs', 'executors', 'controls', 'steps', 'iterations', 'findings', 'spans', 'facts')
), granted AS (
  SELECT o.title, o.relname, a.grantee, a.privilege_type
  FROM ours AS o
  CROSS JOIN LATERAL (
    SELECT grantee, privilege_type FROM aclexplode(o.relacl)
    UNION
    SELECT e.grantee, e.privilege_type
    FROM pg_attribute AS c
    CROSS JOIN LATERAL aclexplode(c.attacl) AS e
    WHERE c.attrelid = o.id
  ) AS a
), fired AS (
  SELECT o.title, t.tgname, p.proowner
  FROM ours AS o
  JOIN pg_trigger AS t ON t.tgrelid = o.id
  JOIN pg_proc AS p ON p.oid = t.tgfoid
), role AS (
  -- those that matter, for there may be thousands
  SELECT nspowner AS oid FROM journal
  UNION SELECT a.grantee FROM journal AS j CROSS JOIN LATERAL aclexplode(j.nspacl) AS a
  UNION SELECT relowner FROM relation
  UNION SELECT p.proowner FROM journal AS j JOIN pg_proc AS p ON p.pronamespace = j.oid
  UNION SELECT grantee FROM granted
  UNION SELECT proowner FROM fired
), trusted AS MATERIALIZED (
  SELECT role.oid FROM role WHERE role.oid IN (
{% include 'security/trusted_roles.sql' %}
  )
), part AS (
  -- defaults, generated columns, checks and indexes, as far as their expressions go
  SELECT 'pg_attrdef'::regclass AS class, d.oid, o.title
  FROM ours AS o JOIN pg_attrdef AS d ON d.adrelid = o.id
  UNION ALL
  SELECT 'pg_constraint'::regclass, k.oid, o.title
  FROM ours AS o JOIN pg_constraint AS k ON k.conrelid = o.id AND k.contype <> 't'
  UNION ALL
  SELECT 'pg_class'::regclass, i.indexrelid, o.title FROM ours AS o JOIN pg_index AS i ON i.indrelid = o.id
), fault AS (
  SELECT 1 AS rank, format('it belongs to %I', pg_get_userbyid(nspowner)) AS what,
    pg_get_userbyid(nspowner) AS owner, NULL AS remedy
  FROM journal
  WHERE nspowner NOT IN (TABLE trusted)
  UNION ALL
  SELECT 2, format('%s may make objects in it', coalesce(quote_ident(r.rolname), 'PUBLIC')), NULL,
    format('REVOKE CREATE ON SCHEMA executor FROM %s CASCADE', coalesce(quote_ident(r.rolname), 'PUBLIC'))
  FROM journal AS j
  CROSS JOIN LATERAL aclexplode(j.nspacl) AS a
  LEFT JOIN pg_roles AS r ON r.oid = a.grantee
  WHERE a.privilege_type = 'CREATE' AND a.grantee NOT IN (TABLE trusted)
  UNION ALL
  SELECT 3, format('%s in it belongs to %I', title, pg_get_userbyid(relowner)), pg_get_userbyid(relowner), NULL
  FROM relation
  WHERE relkind <> 'i' AND relowner NOT IN (TABLE trusted)
  UNION ALL
  SELECT 3, format('the function %s in it belongs to %I', p.oid::regprocedure, pg_get_userbyid(p.proowner)),
    pg_get_userbyid(p.proowner), NULL
  FROM journal AS j
  JOIN pg_proc AS p ON p.pronamespace = j.oid
  WHERE p.proowner NOT IN (TABLE trusted)
  UNION ALL
  SELECT 4, format('%s is no ordinary table', title), NULL, NULL FROM ours WHERE relkind <> 'r'
  UNION ALL
  SELECT 5, format('the column %I of %s is of a type or collation that PostgreSQL did not bring along', a.attname, o.title),
    NULL, NULL
  FROM ours AS o
  JOIN pg_attribute AS a ON a.attrelid = o.id AND NOT a.attisdropped
  WHERE a.atttypid >= 16384 OR a.attcollation >= 16384
  UNION ALL
  SELECT 5, format('the column %I of %s is a generated one', a.attname, o.title), NULL, NULL
  FROM ours AS o
  JOIN pg_attribute AS a ON a.attrelid = o.id AND a.attgenerated <> ''
  UNION ALL
  SELECT 6, format('%s has the rule %I', o.title, r.rulename), NULL, NULL
  FROM ours AS o
  JOIN pg_rewrite AS r ON r.ev_class = o.id
  WHERE o.relkind = 'r'
  UNION ALL
  -- enabled alone, as platforms do with every table, it keeps others out
  SELECT 6, format('%s has policies, or row level security that is forced', o.title), NULL, NULL
  FROM ours AS o
  WHERE o.relforcerowsecurity OR EXISTS (SELECT FROM pg_policy WHERE polrelid = o.id)
  UNION ALL
  -- an owner may watch its journal
  SELECT 6, format('%s has the trigger %I, whose function belongs to %I', title, tgname, pg_get_userbyid(proowner)), NULL, NULL
  FROM fired
  WHERE proowner NOT IN (TABLE trusted)
  UNION ALL
  SELECT 6, format('%s has the foreign key %I to it', k.conrelid::regclass, k.conname), NULL, NULL
  FROM ours AS o
  JOIN pg_constraint AS k ON k.confrelid = o.id AND k.conrelid NOT IN (SELECT id FROM ours)
  UNION ALL
  SELECT 6, format('%s inherits, or is inherited from', o.title), NULL, NULL
  FROM ours AS o
  WHERE EXISTS (SELECT FROM pg_inherits WHERE o.id IN (inhrelid, inhparent))
  UNION ALL
  SELECT 7, format('a default, a check or an index of %s uses what PostgreSQL did not bring along: %s', p.title,
    pg_describe_object(d.refclassid, d.refobjid, 0)), NULL, NULL
  FROM part AS p
  JOIN pg_depend AS d ON d.classid = p.class AND d.objid = p.oid
  WHERE d.refobjid >= 16384
    AND d.refclassid NOT IN ('pg_class'::regclass, 'pg_constraint'::regclass, 'pg_attrdef'::regclass)
{% if grants %}
  UNION ALL
  -- who may write there says what becomes of the runs of others; controls are for colleagues
  SELECT 8, format('%s may %s %s', coalesce(quote_ident(r.rolname), 'PUBLIC'), g.privilege_type, g.title), NULL,
    format('REVOKE ALL ON ALL TABLES IN SCHEMA executor FROM %s CASCADE; then grant it SELECT if it is to read',
      coalesce(quote_ident(r.rolname), 'PUBLIC'))
  FROM granted AS g
  LEFT JOIN pg_roles AS r ON r.oid = g.grantee
  WHERE g.grantee NOT IN (TABLE trusted)
    AND g.privilege_type <> 'SELECT' AND NOT (g.relname = 'controls' AND g.privilege_type = 'UPDATE')
{% endif %}
)
SELECT
  j.installed,
  CASE
    WHEN j.owner IS NOT NULL AND NOT j.installed THEN
      format('this database has a schema named executor that is not executor''s journal; it belongs to %s', j.owner)
    WHEN f.what IS NOT NULL THEN
      format('the schema executor is not taken for the journal, and nothing in it was read: %s', f.what)
      || CASE WHEN f.owner IS NOT NULL THEN format(', whom %I does not trust', session_user) ELSE '' END
  END AS fault,
  CASE
    WHEN NOT j.installed THEN 'rename that schema, or drop it; the journal''s name is fixed'
    WHEN f.owner IS NOT NULL THEN
      format('connect as %I if it is the journal of that role''s runs; else rename the schema, or drop it', f.owner)
    ELSE format('as %s: %s', j.owner, coalesce(f.remedy, 'remove that; or rename the schema, or drop it'))
  END AS hint
FROM (
  SELECT (SELECT quote_ident(pg_get_userbyid(nspowner)) FROM journal) AS owner,
    -- without all our tables it is somebody's schema that happens to bear the name; spans and facts came later
    (SELECT count(*) FILTER (WHERE relname NOT IN ('spans', 'facts')) = 7 FROM ours) AS installed
) AS j
LEFT JOIN (SELECT * FROM fault ORDER BY rank, what LIMIT 1) AS f ON true;
