{## Adds the next foreign keys that partitions lack, not validated yet: no scan, so the referenced table is
    locked for some milliseconds, and it alone. A partitioned table can't have such a key before PostgreSQL
    18, its partitions can. -##}
DO $executor$
DECLARE
  key record;
  first name;
  locked_at timestamptz;
BEGIN
  FOR key IN
{% include 'repartition/foreign_keys/lacking.sql' %}
    ORDER BY conname, leaf
  LOOP
    EXIT WHEN key.conname <> first OR clock_timestamp() - locked_at > '5 ms';
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I %s%s', key.leaf, key.conname, key.definition,
                   CASE WHEN key.definition LIKE '% NOT VALID' THEN '' ELSE ' NOT VALID' END);
    first := key.conname;
    locked_at := coalesce(locked_at, clock_timestamp());
  END LOOP;
END
$executor$;
