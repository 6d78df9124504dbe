-- Whether the owner of a table is a role that this session trusts.
SELECT c.relowner IN (
{% include 'security/trusted_roles.sql' %}
) AS trusted
FROM pg_class AS c WHERE c.oid = {{ table | literal }}::regclass;
