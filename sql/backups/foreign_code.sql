-- Whose code would run with the rights of this session, and is not trusted, when a table is read as a
-- whole. A table of a role that is trusted is asked only if it was made of a definition: otherwise what it uses
-- runs with the rights of that role whenever it is written to.
{% with schema = table.schema %}
{% include 'backups/hold_schema.sql' %}
{% endwith %}

LOCK TABLE {{ table | ident }} IN ACCESS SHARE MODE;

WITH relations (oid, written) AS (
  SELECT c.oid, {{ made | literal }} FROM pg_class AS c
  WHERE c.oid = to_regclass({{ table | literal }}){% if not made %} AND c.relowner NOT IN (
{% include 'security/trusted_roles.sql' %}
  ){% endif %}

)
SELECT * FROM (
{% include 'security/foreign_code.sql' %}
) AS foreign_code;
