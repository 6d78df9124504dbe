{## Gives the old table its foreign keys again, not validated yet, so without a scan: those that forbid a
    delete (`restricting`), or the others. A partitioned table can't have such a key before PostgreSQL 18;
    its partitions can, and are joined after the swap back. -##}
DO $executor$
DECLARE
  key record;
BEGIN
  FOR key IN
    SELECT leaf.oid::regclass AS relation, note.name, note.definition
    FROM (
{% with kept = old %}
{% include 'repartition/way_back/noted_keys.sql' %}
{% endwith %}
    ) AS note
    JOIN pg_class AS leaf ON leaf.relkind = 'r' AND leaf.oid IN (
      SELECT note.relation UNION SELECT relid FROM pg_partition_tree(note.relation))
    WHERE {% if not restricting %}NOT {% endif %}note.restricting
      -- until it is back in its place, its name means another table
      AND NOT note.self
      AND NOT EXISTS (SELECT FROM pg_constraint AS c WHERE c.conrelid = leaf.oid AND c.conname = note.name)
    ORDER BY note.name, leaf.oid
  LOOP
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I %s%s', key.relation, key.name, key.definition,
                   CASE WHEN key.definition ~ ' NOT (VALID|ENFORCED)$' THEN '' ELSE ' NOT VALID' END);
  END LOOP;
END
$executor$;
