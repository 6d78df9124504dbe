{## Adds foreign keys to one partition, not validated yet: no scan, so the referenced tables are locked
    for an instant. A partitioned table can't have such a key before PostgreSQL 18, its partitions can.
    `restricting` chooses those that forbid a delete (NO ACTION, RESTRICT) or the others. -##}
{% from 'chunks/partition.sql' import partition with context %}
DO $executor$
DECLARE
  leaf regclass := {{ partition | literal }};
  key record;
BEGIN
  FOR key IN
    SELECT conname, pg_get_constraintdef(oid) AS definition FROM pg_constraint AS c
    WHERE conrelid = {{ source | literal }}::regclass AND contype = 'f' AND conparentid = 0
      AND confrelid <> conrelid AND confdeltype {% if not restricting %}NOT {% endif %}IN ('a', 'r')
      -- not enforced (from 18): nothing to validate, so it is added to the whole table at once
      AND to_jsonb(c) ->> 'conenforced' IS DISTINCT FROM 'false'
    ORDER BY conname
  LOOP
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I %s%s', leaf, key.conname, key.definition,
                   CASE WHEN key.definition LIKE '% NOT VALID' THEN '' ELSE ' NOT VALID' END);
  END LOOP;
END
$executor$;
