-- Validates the foreign keys of a restored table, but those that were not validated in the original.
-- Lock: SHARE UPDATE EXCLUSIVE on the restored table; ROW SHARE on the referenced ones.
DO $executor$
DECLARE
  key record;
BEGIN
  FOR key IN
    SELECT c.conrelid::regclass AS relation, c.conname
    FROM pg_constraint AS c
    WHERE c.contype = 'f' AND c.conparentid = 0 AND NOT c.convalidated
      AND c.conrelid IN (SELECT {{ target | literal }}::regclass UNION SELECT relid FROM pg_partition_tree({{ target | literal }}::regclass))
      AND NOT EXISTS (
        SELECT FROM jsonb_array_elements({{ definition | literal }}::jsonb -> 'relations') AS r
        CROSS JOIN LATERAL jsonb_array_elements(r -> 'constraints') AS k
        WHERE k ->> 'definition' ~ ' NOT (VALID|ENFORCED)$'
          AND right(pg_get_constraintdef(c.oid), length(coalesce(k ->> 'after_self', k ->> 'definition')))
            = coalesce(k ->> 'after_self', k ->> 'definition'))
    ORDER BY c.oid
  LOOP
    EXECUTE format('ALTER TABLE %s VALIDATE CONSTRAINT %I', key.relation, key.conname);
  END LOOP;
END
$executor$;
