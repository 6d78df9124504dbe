-- The foreign keys that forbid a delete, for the table as a whole. It adopts the equal, validated keys of
-- its partitions, so no row is read again.
-- Lock: SHARE ROW EXCLUSIVE on the table, ACCESS EXCLUSIVE on the referenced tables, whose triggers for
-- the partitions are joined; short, and given up after lock_timeout.
{% with first = source, second = none %}
{% include 'chunks/keep_vacuum_away.sql' %}
{% endwith %}

DO $executor$
DECLARE
  source regclass := {{ source | literal }};
  key record;
BEGIN
  PERFORM set_config('statement_timeout', current_setting('lock_timeout'), true);
  FOR key IN
    SELECT c.conname, pg_get_constraintdef(c.oid) AS definition, note.comment
    FROM pg_constraint AS c
    LEFT JOIN (
{% with kept = old %}
{% include 'chunks/foreign_keys.sql' %}
{% endwith %}
    ) AS note ON note.name = c.conname
    WHERE c.contype = 'f' AND c.conparentid = 0
      AND c.conrelid = (SELECT min(inhrelid) FROM pg_inherits WHERE inhparent = source)
    ORDER BY c.conname
  LOOP
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I %s', source, key.conname, key.definition);
    IF key.comment IS NOT NULL THEN
      EXECUTE format('COMMENT ON CONSTRAINT %I ON %s IS %L', key.conname, source, key.comment);
    END IF;
  END LOOP;
END
$executor$;
