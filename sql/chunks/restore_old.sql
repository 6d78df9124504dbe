-- Gives the old table its foreign keys again, not validated yet, so without a scan. A partitioned table
-- can't have such a key before PostgreSQL 18; its partitions can, and the next step joins them.
-- Lock: SHARE ROW EXCLUSIVE on the referenced tables, so their writers wait; short.
DO $executor$
DECLARE
  old regclass := {{ old | literal }};
  key record;
BEGIN
  FOR key IN
    SELECT leaf.oid::regclass AS relation, note.name, note.definition
    FROM jsonb_to_recordset(({% with relation = old %}{% include 'chunks/memory.sql' %}{% endwith %}) -> 'foreign_keys')
      AS note ("table" text, name name, definition text)
    JOIN pg_class AS leaf ON leaf.relkind = 'r' AND leaf.oid IN (
      SELECT note."table"::regclass UNION SELECT relid FROM pg_partition_tree(note."table"::regclass))
    WHERE NOT EXISTS (SELECT FROM pg_constraint AS c WHERE c.conrelid = leaf.oid AND c.conname = note.name)
  LOOP
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I %s%s', key.relation, key.name, key.definition,
                   CASE WHEN key.definition ~ ' NOT (VALID|ENFORCED)$' THEN '' ELSE ' NOT VALID' END);
  END LOOP;
END
$executor$;
