-- The next foreign key of the new table as a whole. It adopts the equal, validated keys of its partitions,
-- so no row is read again. One a transaction, so that never two referenced tables are locked.
-- Lock: ACCESS EXCLUSIVE on the referenced table, whose triggers for the partitions are joined; short, and
-- given up after lock_timeout.
{% with written = [], read = [target], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}

DO $executor$
DECLARE
  key record;
BEGIN
  SELECT lacking.*, obj_description(s.oid, 'pg_constraint') AS comment INTO key
  FROM (
{% with whole = target %}
{% include 'repartition/foreign_keys/unattached.sql' %}
{% endwith %}
  ) AS lacking
  LEFT JOIN pg_constraint AS s ON s.conrelid = {{ source | literal }}::regclass AND s.conname = lacking.conname
  ORDER BY lacking.conname LIMIT 1;
  EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I %s', {{ target | literal }}, key.conname, key.definition);
  IF key.comment IS NOT NULL THEN
    EXECUTE format('COMMENT ON CONSTRAINT %I ON %s IS %L', key.conname, {{ target | literal }}, key.comment);
  END IF;
END
$executor$;
