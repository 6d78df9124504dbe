-- Validates the foreign keys of the table that is back in its place, while it and the referenced tables
-- are written to, and ends the log of what was written to the other one.
-- Lock: SHARE UPDATE EXCLUSIVE on the table; if it is partitioned, SHARE ROW EXCLUSIVE on it and the
-- referenced tables for an instant, when it adopts the keys of its partitions.
{% with written = [], read = [source], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}

DO $executor$
DECLARE
  key record;
BEGIN
  FOR key IN
    SELECT c.conrelid::regclass AS relation, c.conname
    FROM (
{% with kept = source %}
{% include 'repartition/way_back/noted_keys.sql' %}
{% endwith %}
    ) AS note
    JOIN pg_constraint AS c ON c.conname = note.name AND c.contype = 'f' AND NOT c.convalidated AND c.conrelid IN (
      SELECT note.relation UNION SELECT relid FROM pg_partition_tree(note.relation))
    WHERE note.definition !~ ' NOT (VALID|ENFORCED)$'
  LOOP
    EXECUTE format('ALTER TABLE %s VALIDATE CONSTRAINT %I', key.relation, key.conname);
  END LOOP;
  FOR key IN
{% with kept = source %}
{% include 'repartition/way_back/noted_keys.sql' %}
{% endwith %}
  LOOP
    IF NOT EXISTS (SELECT FROM pg_constraint AS c WHERE c.conrelid = key.relation AND c.conname = key.name) THEN
      EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I %s', key.relation, key.name, key.definition);
    END IF;
    IF key.comment IS NOT NULL THEN
      EXECUTE format('COMMENT ON CONSTRAINT %I ON %s IS %L', key.name, key.relation, key.comment);
    END IF;
  END LOOP;
END
$executor$;

DROP FUNCTION IF EXISTS {{ back_sync | ident }}(boolean, integer, integer);
DROP FUNCTION IF EXISTS {{ old | ident }}();
DROP TABLE {{ back_log | ident }};
