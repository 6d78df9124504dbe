-- Whose code a definition names that this session does not trust, as (code, owner): it would run with the rights
-- of the session when the table is made. By its names, since PostgreSQL computes some expressions as soon as
-- they are given: all functions of a name count, whatever they take.
WITH trusted AS MATERIALIZED (
{% include 'security/trusted_roles.sql' %}
), named (kind, schema, name) AS (
  -- a name without a schema is PostgreSQL's own: nothing else is in search_path
  SELECT kind, coalesce(parts ->> -2, 'pg_catalog'), parts ->> -1
  FROM (SELECT 'function', {{ functions | literal }}::jsonb UNION ALL SELECT 'operator', {{ operators | literal }}::jsonb
        UNION ALL SELECT 'type', {{ types | literal }}::jsonb) AS used (kind, names)
  CROSS JOIN LATERAL jsonb_array_elements(names) AS parts
)
SELECT DISTINCT format('function %I.%I', n.schema, n.name) AS code, p.proowner::regrole::text AS owner
FROM named AS n
JOIN pg_namespace AS s ON s.nspname = n.schema
JOIN pg_proc AS p ON p.pronamespace = s.oid AND p.proname = n.name
WHERE n.kind = 'function' AND (p.proowner NOT IN (SELECT oid FROM trusted)
  OR {% include 'security/runs_given.sql' %}
)
UNION
SELECT format('operator %I.%s', n.schema, n.name), o.oprowner::regrole::text
FROM named AS n
JOIN pg_namespace AS s ON s.nspname = n.schema
JOIN pg_operator AS o ON o.oprnamespace = s.oid AND o.oprname = n.name
JOIN pg_proc AS p ON p.oid = o.oprcode
WHERE n.kind = 'operator' AND (o.oprowner NOT IN (SELECT oid FROM trusted) OR p.proowner NOT IN (SELECT oid FROM trusted))
UNION
SELECT format('type %s', t.oid::regtype), t.typowner::regrole::text
FROM named AS n
JOIN pg_namespace AS s ON s.nspname = n.schema
JOIN pg_type AS t ON t.typnamespace = s.oid AND t.typname = n.name
WHERE n.kind = 'type' AND (t.typowner NOT IN (SELECT oid FROM trusted) AND t.typtype <> 'e'
  OR EXISTS (SELECT FROM pg_cast AS c JOIN pg_proc AS p ON p.oid = c.castfunc
             WHERE t.oid IN (c.castsource, c.casttarget) AND p.proowner NOT IN (SELECT oid FROM trusted)))
ORDER BY 1, 2;
