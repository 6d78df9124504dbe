-- Whose code would run with the rights of this session, and is not trusted, when a table is read as a
-- whole. A table of a role that is trusted is asked only if it was made of a definition: otherwise what it uses
-- runs with the rights of that role whenever it is written to.
{% with schema = table.schema %}
{% include 'backups/hold_schema.sql' %}
{% endwith %}

LOCK TABLE {{ table | ident }} IN ACCESS SHARE MODE;

-- In one snapshot what came while the lock was waited for is not seen: a view, that bears the name by now.
DO $executor$
DECLARE
  tables oid[] := ARRAY[{{ table | literal }}::regclass::oid];
  changed text;
BEGIN
  SELECT string_agg(name, ', ') INTO changed
  FROM (
{% include 'security/changed_since.sql' %}
  ) AS changed;
  IF changed IS NOT NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'serialization_failure', MESSAGE = format('made, renamed or rewritten at this very moment: %s', changed),
      HINT = 'Nothing was changed; try again.';
  END IF;
END
$executor$;

WITH relations (oid, written) AS (
  SELECT c.oid, {{ made | literal }} FROM pg_class AS c
  WHERE c.oid = to_regclass({{ table | literal }}){% if not made %} AND c.relowner NOT IN (
{% include 'security/trusted_roles.sql' %}
  ){% endif %}

)
SELECT * FROM (
{% include 'security/foreign_code.sql' %}
) AS foreign_code;
