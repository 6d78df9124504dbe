-- Asks for what validates the next foreign key of a restored table, but those that were not validated in the original.
-- What to plan a lookup in a referenced table would run of others is asked first: it may have come since the key was made.
-- Lock: SHARE UPDATE EXCLUSIVE on the restored table; ROW SHARE on the referenced one.
CREATE TEMPORARY TABLE next_key ON COMMIT DROP AS
SELECT c.conrelid AS relation, c.conname AS name, c.confrelid AS referenced
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
LIMIT 1;

DO $executor$
DECLARE
  refused text;
BEGIN
  SELECT {% include 'security/foreign_plans.sql' %} INTO refused
  FROM (SELECT referenced FROM pg_temp.next_key) AS looked_up (oid);
  IF refused IS NOT NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'insufficient_privilege',
      MESSAGE = format('what is not to be trusted would run with the rights of %s: %s', session_user, refused);
  END IF;
END
$executor$;

SELECT format('ALTER TABLE %s VALIDATE CONSTRAINT %I', relation::regclass, name) AS statement FROM pg_temp.next_key;
