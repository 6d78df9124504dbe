-- Takes the foreign keys off one partition.
-- Lock: ACCESS EXCLUSIVE on the referenced tables; short, and given up after lock_timeout.
{% from 'chunks/partition.sql' import partition with context %}
DO $executor$
DECLARE
  leaf regclass := {{ partition | literal }};
  key record;
BEGIN
  FOR key IN
    SELECT conname FROM pg_constraint WHERE conrelid = leaf AND contype = 'f' AND conparentid = 0
  LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', leaf, key.conname);
  END LOOP;
END
$executor$;
