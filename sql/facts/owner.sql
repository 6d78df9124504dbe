-- Whose the table is, and whether this session trusts that role: if not, the role must own nothing that the session runs.
SELECT
  c.relowner::regrole::text AS name,
  c.relowner::regrole::text AS role_sql,
  c.relowner IN (
{% include 'security/trusted_roles.sql' %}
  ) AS trusted
FROM pg_class AS c
WHERE c.oid = to_regclass({{ source | literal }})
