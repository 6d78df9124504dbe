-- Whether the owner of a table is a role that this session trusts.
SELECT EXISTS (
  SELECT FROM pg_class AS c
  WHERE c.oid = {{ table | literal }}::regclass AND c.relowner IN (
{% include 'security/trusted_roles.sql' %}
  )
) AS trusted;
