-- Takes the foreign keys off one partition; those that the new table has adopted, off the whole of it.
-- Lock: ACCESS EXCLUSIVE on the referenced tables; short, and given up after lock_timeout.
{% from 'chunks/partition.sql' import partition with context %}
DO $executor$
DECLARE
  leaf regclass := {{ partition | literal }};
  key record;
BEGIN
  FOR key IN
    SELECT coalesce(nullif(p.conrelid, 0), c.conrelid)::regclass AS relation, c.conname
    FROM pg_constraint AS c
    LEFT JOIN pg_constraint AS p ON p.oid = c.conparentid
    WHERE c.conrelid = leaf AND c.contype = 'f'

  LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', key.relation, key.conname);
  END LOOP;
END
$executor$;
