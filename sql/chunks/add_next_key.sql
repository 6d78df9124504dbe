{## Adds the next foreign key that a partition lacks, not validated yet: no scan, so the referenced table
    is locked for an instant, and it alone. A partitioned table can't have such a key before PostgreSQL
    18, its partitions can. -##}
DO $executor$
DECLARE
  key record;
BEGIN
  SELECT * INTO key
  FROM (
{% include 'chunks/lacking_keys.sql' %}
  ) AS lacking
  ORDER BY conname, leaf LIMIT 1;
  EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I %s%s', key.leaf, key.conname, key.definition,
                 CASE WHEN key.definition LIKE '% NOT VALID' THEN '' ELSE ' NOT VALID' END);
END
$executor$;
