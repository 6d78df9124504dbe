-- Validates the restored foreign keys of the old table, while the referenced tables are written to; a
-- partitioned table adopts those of its partitions.
-- Lock: SHARE UPDATE EXCLUSIVE on the old table; then, if it is partitioned, SHARE ROW EXCLUSIVE on the
-- referenced tables for an instant.
DO $executor$
DECLARE
  old regclass := {{ old | literal }};
  key record;
BEGIN
  FOR key IN
    SELECT c.conrelid::regclass AS relation, c.conname
    FROM jsonb_to_recordset(({% with relation = old %}{% include 'chunks/memory.sql' %}{% endwith %}) -> 'foreign_keys')
      AS note ("table" text, name name, definition text)
    JOIN pg_constraint AS c ON c.conname = note.name AND c.contype = 'f' AND NOT c.convalidated AND c.conrelid IN (
      SELECT note."table"::regclass UNION SELECT relid FROM pg_partition_tree(note."table"::regclass))
    WHERE note.definition !~ ' NOT (VALID|ENFORCED)$'
  LOOP
    BEGIN
      EXECUTE format('ALTER TABLE %s VALIDATE CONSTRAINT %I', key.relation, key.conname);
    EXCEPTION WHEN foreign_key_violation THEN
      RAISE EXCEPTION USING
        ERRCODE = SQLSTATE,
        MESSAGE = format('the old table can''t come back as it is: rows of %s reference what has been deleted since (%s)',
                         key.relation, SQLERRM),
        HINT = 'Delete those rows from the old table as they were deleted from the new one, and run the rollback again.';
    END;
  END LOOP;
END
$executor$;

DO $executor$
DECLARE
  key record;
BEGIN
  FOR key IN
    SELECT note.*
    FROM jsonb_to_recordset(({% with relation = old %}{% include 'chunks/memory.sql' %}{% endwith %}) -> 'foreign_keys')
      AS note ("table" text, name name, definition text, comment text)
  LOOP
    IF NOT EXISTS (SELECT FROM pg_constraint AS c WHERE c.conrelid = key."table"::regclass AND c.conname = key.name) THEN
      EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I %s', key."table"::regclass, key.name, key.definition);
    END IF;
    IF key.comment IS NOT NULL THEN
      EXECUTE format('COMMENT ON CONSTRAINT %I ON %s IS %L', key.name, key."table"::regclass, key.comment);
    END IF;
  END LOOP;
END
$executor$;
