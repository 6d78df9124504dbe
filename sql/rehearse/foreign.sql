{## Code of roles that this session does not trust, and that would run with its rights when a query on some tables is planned, or
    one on a table that a foreign key of its own tables refers to; null if there is none. -##}
SELECT string_agg(DISTINCT code, ', ')
FROM (
  SELECT oid FROM unnest({{ tables | literal }}::bigint[]::oid[]) AS given (oid)
  UNION
  SELECT k.confrelid FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.conrelid
  WHERE k.contype = 'f' AND c.relowner = (SELECT oid FROM pg_roles WHERE rolname = session_user)
) AS looked_up
CROSS JOIN LATERAL (SELECT {% include 'security/foreign_plans.sql' %}) AS found (code)
