{## Why a registry is neither read nor written, or NULL: an expression. The including query has its oid as
    `registry.oid`. Reading a table runs code of others if it is a view, has columns of their types, policies
    or index expressions, and writing to it if it has triggers, rules or defaults; and who can write to it
    says what is restored and dropped. So it has to be a plain table of a role that is trusted: one of
    security/trusted_roles.sql, or the owner of the database, whom a superuser does not trust with code: what the
    entries say is admitted by itself, and none of it may run here. -##}
(SELECT string_agg(why.reason, '; ' ORDER BY why.place)
FROM (
  SELECT 1 AS place, 'it was made or replaced just now; try again' AS reason
  WHERE NOT EXISTS (SELECT FROM pg_class AS c WHERE c.oid = registry.oid)
  UNION ALL
  SELECT 2, 'it is no ordinary table' FROM pg_class AS c
  WHERE c.oid = registry.oid AND (c.relkind <> 'r' OR c.relpersistence <> 'p' OR c.relispartition OR c.reloftype <> 0
    OR EXISTS (SELECT FROM pg_inherits AS i WHERE registry.oid IN (i.inhrelid, i.inhparent)))
  UNION ALL
  -- another tool's, or the application's
  SELECT 2, format('it is another table of that name, %s: ALTER TABLE %s RENAME TO ... first', (array_agg(lacking.why ORDER BY lacking.place))[1], registry.oid::regclass)
  FROM (
    SELECT needed.place, 'without the column ' || needed.name AS why
    FROM unnest(ARRAY['id', 'backup_table_name', 'original_table_name', 'record_count', 'created_at', 'migration_revision', 'retention_until'])
      WITH ORDINALITY AS needed (name, place)
    WHERE NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = registry.oid AND a.attname = needed.name AND NOT a.attisdropped)
    UNION ALL
    SELECT 100 + a.attnum, format('which needs a value for its column %I', a.attname)
    FROM pg_attribute AS a
    WHERE a.attrelid = registry.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attnotnull AND NOT a.atthasdef AND a.attidentity = ''
      AND a.attname NOT IN ('backup_table_name', 'original_table_name', 'record_count', 'migration_revision', 'retention_until')
  ) AS lacking
  WHERE EXISTS (SELECT FROM pg_class AS c WHERE c.oid = registry.oid AND c.relkind = 'r')
  HAVING count(*) > 0
  UNION ALL
  SELECT 3, format('it belongs to %s, a role that this one does not trust', c.relowner::regrole) FROM pg_class AS c
  WHERE c.oid = registry.oid AND c.relowner NOT IN (
{% include 'security/trusted_roles.sql' %}
    UNION ALL SELECT datdba FROM pg_database WHERE datname = current_database())
  UNION ALL
  SELECT 4, format('%s can write to it, and should not: REVOKE ALL ON %s FROM %1$s',
    string_agg(DISTINCT CASE writer.grantee WHEN 0 THEN 'PUBLIC' ELSE writer.grantee::regrole::text END, ', '), registry.oid::regclass)
  FROM (
    SELECT a.grantee FROM pg_class AS c CROSS JOIN aclexplode(c.relacl) AS a
    WHERE c.oid = registry.oid AND a.privilege_type NOT IN ('SELECT', 'MAINTAIN')
    UNION ALL
    SELECT a.grantee FROM pg_attribute AS col CROSS JOIN aclexplode(col.attacl) AS a
    WHERE col.attrelid = registry.oid AND NOT col.attisdropped AND a.privilege_type <> 'SELECT'
  ) AS writer
  WHERE writer.grantee <> (SELECT c.relowner FROM pg_class AS c WHERE c.oid = registry.oid) AND writer.grantee NOT IN (
{% include 'security/trusted_roles.sql' %}
    UNION ALL SELECT datdba FROM pg_database WHERE datname = current_database())
  HAVING count(*) > 0
  UNION ALL
  SELECT 5, format('column %s has the type %s, which is not PostgreSQL''s own', a.attname, format_type(a.atttypid, NULL))
  FROM pg_attribute AS a
  WHERE a.attrelid = registry.oid AND NOT a.attisdropped AND (a.atttypid >= 16384 OR NOT EXISTS (
    SELECT FROM pg_type AS t WHERE t.oid = a.atttypid AND t.typnamespace = 'pg_catalog'::regnamespace))
  UNION ALL
  -- a platform may watch every table
  SELECT 6, 'it has triggers or foreign keys' WHERE EXISTS (
    SELECT FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid
    WHERE t.tgrelid = registry.oid AND (t.tgconstraint <> 0 OR p.proowner NOT IN (
{% include 'security/trusted_roles.sql' %}
    )))
  UNION ALL
  SELECT 7, 'it has rules' WHERE EXISTS (SELECT FROM pg_rewrite AS r WHERE r.ev_class = registry.oid)
  UNION ALL
  -- enabled alone, as platforms do with every table, it keeps others out
  SELECT 8, 'it has policies, or row level security that is forced' WHERE EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = registry.oid)
    OR EXISTS (SELECT FROM pg_class AS c WHERE c.oid = registry.oid AND c.relforcerowsecurity)
  UNION ALL
  SELECT 9, 'it has generated columns'
  WHERE EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = registry.oid AND a.attgenerated <> '')
  UNION ALL
  -- what is PostgreSQL's own is pinned, and no dependency on it is written down
  SELECT 10, format('its defaults, constraints, indexes or statistics use %s',
    string_agg(DISTINCT pg_describe_object(d.refclassid, d.refobjid, 0), ', '))
  FROM (
    SELECT 'pg_attrdef'::regclass AS class, oid FROM pg_attrdef WHERE adrelid = registry.oid
    UNION ALL SELECT 'pg_constraint'::regclass, oid FROM pg_constraint WHERE conrelid = registry.oid
    UNION ALL SELECT 'pg_class'::regclass, indexrelid FROM pg_index WHERE indrelid = registry.oid
    UNION ALL SELECT 'pg_statistic_ext'::regclass, oid FROM pg_statistic_ext WHERE stxrelid = registry.oid
  ) AS part
  JOIN pg_depend AS d ON d.classid = part.class AND d.objid = part.oid AND d.refobjid >= 16384
    AND d.refclassid NOT IN ('pg_class'::regclass, 'pg_constraint'::regclass, 'pg_collation'::regclass, 'pg_namespace'::regclass)
  HAVING count(*) > 0
  UNION ALL
  -- nothing but what an older tool may have put there, too: of PostgreSQL's own functions some run SQL that they are given
  SELECT 11, format('its defaults, constraints, indexes or statistics use %s', string_agg(DISTINCT p.oid::regprocedure::text, ', '))
  FROM (
    SELECT adbin::text FROM pg_attrdef WHERE adrelid = registry.oid
    UNION ALL SELECT conbin::text FROM pg_constraint WHERE conrelid = registry.oid
    UNION ALL SELECT concat_ws(' ', indexprs::text, indpred::text) FROM pg_index WHERE indrelid = registry.oid
    UNION ALL SELECT stxexprs::text FROM pg_statistic_ext WHERE stxrelid = registry.oid
  ) AS expression (tree)
  CROSS JOIN LATERAL regexp_matches(expression.tree, ':(?:funcid|opfuncid) (\d+)', 'g') AS called (oid)
  JOIN pg_proc AS p ON p.oid = called.oid[1]::oid
  WHERE p.provolatile <> 'i'
    AND p.proname NOT IN ('now', 'clock_timestamp', 'statement_timestamp', 'timezone', 'timestamp', 'nextval', 'gen_random_uuid')
  HAVING count(*) > 0
) AS why)
