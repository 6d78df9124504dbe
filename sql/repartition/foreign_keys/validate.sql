-- Checks every row of one partition against the referenced tables, while these are written to.
{% from 'repartition/target/partition_name.sql' import partition with context %}
{% with written = [], read = [partition], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}

DO $executor$
DECLARE
  leaf regclass := {{ partition | literal }};
  key record;
BEGIN
  FOR key IN
    SELECT conname FROM pg_constraint
    WHERE conrelid = leaf AND contype = 'f' AND conparentid = 0 AND NOT convalidated
    ORDER BY conname
  LOOP
    EXECUTE format('ALTER TABLE %s VALIDATE CONSTRAINT %I', leaf, key.conname);
  END LOOP;
END
$executor$;
