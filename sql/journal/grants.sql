-- Asks for what takes the rights in the journal from all but the owner, whatever default privileges have added{% if keep %}, but
-- for those who were granted to read it, or to control runs{% endif %}.
SELECT format('REVOKE %s ON %s FROM %s CASCADE', privilege, object, grantee) AS statement
FROM (
  SELECT DISTINCT g.object, g.privilege, CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END AS grantee
  FROM (
    SELECT 'SCHEMA executor' AS object, a.privilege_type AS privilege, a.grantee, n.nspowner AS owner
    FROM pg_namespace AS n
    CROSS JOIN LATERAL aclexplode(n.nspacl) AS a
    WHERE n.nspname = 'executor'
    UNION ALL
    SELECT format('%s executor.%I', CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, c.relname),
      a.privilege_type, a.grantee, c.relowner
    FROM pg_class AS c
    CROSS JOIN LATERAL aclexplode(c.relacl) AS a
    WHERE c.relnamespace = 'executor'::regnamespace
    UNION ALL
    SELECT format('TABLE executor.%I', c.relname), format('%s (%I)', a.privilege_type, t.attname), a.grantee, c.relowner
    FROM pg_class AS c
    JOIN pg_attribute AS t ON t.attrelid = c.oid
    CROSS JOIN LATERAL aclexplode(t.attacl) AS a
    WHERE c.relnamespace = 'executor'::regnamespace
    UNION ALL
    SELECT format('FUNCTION %s', p.oid::regprocedure), a.privilege_type, a.grantee, p.proowner
    FROM pg_proc AS p
    CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a
    WHERE p.pronamespace = 'executor'::regnamespace
  ) AS g
  WHERE g.grantee <> g.owner
{% if keep %}
    -- spans and facts have just been made
    AND NOT (g.object !~ ' executor\.(spans|facts)' AND (g.privilege = 'USAGE' OR g.privilege LIKE 'SELECT%')
      OR g.object = 'TABLE executor.controls' AND g.privilege LIKE 'UPDATE%')
{% endif %}
) AS item
ORDER BY object, privilege, grantee;
