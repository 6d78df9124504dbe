{## What hangs on the tables, sequences and materialized views that change places, one row a property:
    the statement that makes it so, and `undo`, the one that ends it; `item` is the place of a grant among others. A SELECT without its semicolon;
    `side` is leaving or arriving. Read off the old table while that has the name, a statement means
    the new one as soon as that has it: no text is ever replaced. -##}
WITH relation AS (
  SELECT c.*, pair.kind, c.oid::regclass::text AS identity
  FROM pg_temp.swap_pairs AS pair
  JOIN pg_class AS c ON c.oid = pair.{{ side | ident }}
  WHERE pair.kind IN ('TABLE', 'MATERIALIZED VIEW', 'SEQUENCE')
), trigger AS (
  SELECT t.*, quote_ident(t.tgname) AS name, r.identity
  FROM relation AS r
  JOIN pg_trigger AS t ON t.tgrelid = r.oid
  JOIN pg_proc AS f ON f.oid = t.tgfoid
  WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND NOT {% include 'layout/fills_own.sql' %}

    AND coalesce(t.tgfoid <> ALL (array_remove(ARRAY[to_regprocedure({{ (log ~ '()') | literal }}), to_regprocedure({{ (back_log ~ '()') | literal }})]::oid[], NULL)), true)
    AND (pg_identify_object('pg_trigger'::regclass, t.oid, 0)).identity <> ALL ({% include 'repartition/check/accepted.sql' %})
), rule AS (
  SELECT w.*, quote_ident(w.rulename) AS name, r.identity
  FROM relation AS r
  JOIN pg_rewrite AS w ON w.ev_class = r.oid
  WHERE w.rulename <> '_RETURN'
    AND (pg_identify_object('pg_rewrite'::regclass, w.oid, 0)).identity <> ALL ({% include 'repartition/check/accepted.sql' %})
), policy AS (
  SELECT
    p.*, quote_ident(p.polname) AS name, r.identity,
    (SELECT string_agg(CASE role WHEN 0 THEN 'PUBLIC' ELSE role::regrole::text END, ', ' ORDER BY role)
     FROM unnest(p.polroles) AS role) AS roles
  FROM relation AS r
  JOIN pg_policy AS p ON p.polrelid = r.oid
), privilege (on_part, class, identity, acl) AS (
  SELECT '', CASE kind WHEN 'SEQUENCE' THEN 'SEQUENCE' ELSE 'TABLE' END, identity,
    coalesce(relacl, acldefault(CASE kind WHEN 'SEQUENCE' THEN 's' ELSE 'r' END::"char", relowner))
  FROM relation
  UNION ALL
  SELECT format(' (%I)', a.attname), 'TABLE', r.identity, a.attacl
  FROM relation AS r
  JOIN pg_attribute AS a ON a.attrelid = r.oid AND a.attnum > 0 AND a.attacl IS NOT NULL
), comment (object, classoid, objoid, objsubid, on_constraint) AS (
  SELECT kind || ' ' || identity, 'pg_class'::regclass, oid, 0, NULL::name FROM relation
  UNION ALL
  SELECT format('COLUMN %s.%I', r.identity, a.attname), 'pg_class'::regclass, r.oid, a.attnum, NULL
  FROM relation AS r JOIN pg_attribute AS a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL
  SELECT format('CONSTRAINT %I ON %s', c.conname, r.identity), 'pg_constraint'::regclass, c.oid, 0, c.conname
  FROM relation AS r JOIN pg_constraint AS c ON c.conrelid = r.oid
  UNION ALL
  SELECT format('TRIGGER %s ON %s', name, identity), 'pg_trigger'::regclass, oid, 0, NULL FROM trigger
  UNION ALL
  SELECT format('RULE %s ON %s', name, identity), 'pg_rewrite'::regclass, oid, 0, NULL FROM rule
  UNION ALL
  SELECT format('POLICY %s ON %s', name, identity), 'pg_policy'::regclass, oid, 0, NULL FROM policy
  UNION ALL
  SELECT 'INDEX ' || {{ side | ident }}::regclass, 'pg_class'::regclass, {{ side | ident }}, 0, NULL
  FROM pg_temp.swap_pairs WHERE kind = 'INDEX' AND leaving IS NOT NULL AND arriving IS NOT NULL
  UNION ALL
  SELECT format('STATISTICS %I.%I', n.nspname, s.stxname), 'pg_statistic_ext'::regclass, s.oid, 0, NULL
  FROM pg_temp.swap_pairs AS pair
  JOIN pg_statistic_ext AS s ON s.oid = pair.{{ side | ident }}
  JOIN pg_namespace AS n ON n.oid = s.stxnamespace
  WHERE pair.kind = 'STATISTICS'
)
SELECT 1 AS place, format('ALTER %s %s OWNER TO %s', kind, identity, relowner::regrole) AS statement,
  NULL AS undo, NULL::name AS on_constraint, NULL::bigint AS item
FROM relation WHERE kind <> 'SEQUENCE'
UNION
SELECT 2,
  format('GRANT %s%s ON %s %s TO %s%s', a.privilege_type, p.on_part, p.class, p.identity, grantee.name,
         CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' END),
  format('REVOKE %s%s ON %s %s FROM %s', a.privilege_type, p.on_part, p.class, p.identity, grantee.name), NULL, a.item
FROM privilege AS p
CROSS JOIN aclexplode(p.acl) WITH ORDINALITY AS a (grantor, grantee, privilege_type, is_grantable, item)
CROSS JOIN LATERAL (SELECT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END) AS grantee (name)
UNION
SELECT 3, format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', identity),
  format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY', identity), NULL, NULL
FROM relation WHERE relrowsecurity
UNION
SELECT 3, format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', identity),
  format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', identity), NULL, NULL
FROM relation WHERE relforcerowsecurity
UNION
SELECT 4,
  format('CREATE POLICY %s ON %s AS %s FOR %s TO %s', name, identity,
         CASE WHEN polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
         CASE polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
         roles)
    || coalesce(' USING (' || pg_get_expr(polqual, polrelid) || ')', '')
    || coalesce(' WITH CHECK (' || pg_get_expr(polwithcheck, polrelid) || ')', ''),
  format('DROP POLICY %s ON %s', name, identity), NULL, NULL
FROM policy
UNION
SELECT 5, pg_get_triggerdef(oid), format('DROP TRIGGER %s ON %s', name, identity), NULL, NULL FROM trigger
UNION
SELECT 6,
  format('ALTER TABLE %s %s TRIGGER %s', identity,
         CASE tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'A' THEN 'ENABLE ALWAYS' ELSE 'ENABLE REPLICA' END, name),
  format('ALTER TABLE %s ENABLE TRIGGER %s', identity, name), NULL, NULL
FROM trigger WHERE tgenabled <> 'O'
UNION
SELECT 5, pg_get_ruledef(oid), format('DROP RULE %s ON %s', name, identity), NULL, NULL FROM rule
UNION
SELECT 6,
  format('ALTER TABLE %s %s RULE %s', identity,
         CASE ev_enabled WHEN 'D' THEN 'DISABLE' WHEN 'A' THEN 'ENABLE ALWAYS' ELSE 'ENABLE REPLICA' END, name),
  format('ALTER TABLE %s ENABLE RULE %s', identity, name), NULL, NULL
FROM rule WHERE ev_enabled <> 'O'
UNION
SELECT 7, format('COMMENT ON %s IS %L', object, d.description), format('COMMENT ON %s IS NULL', object), on_constraint, NULL
FROM comment
JOIN pg_description AS d USING (classoid, objoid, objsubid)
