-- Asks for what drops the next foreign key of a table that was replaced: it would forbid deletes in the tables that it
-- references, or let them take rows of the kept table along; those that follow a delete go first.
-- Lock: ACCESS EXCLUSIVE on the referenced table and the kept one, for an instant, and given up after
-- lock_timeout. One a transaction, so that never two tables that are in use are locked.
SET LOCAL lock_timeout = '200ms';

SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS statement
FROM pg_constraint
WHERE contype = 'f' AND conparentid = 0 AND conrelid IN (
  SELECT {{ relation | literal }}::regclass UNION SELECT relid FROM pg_partition_tree({{ relation | literal }}::regclass))
ORDER BY confdeltype NOT IN ('a', 'r'), oid LIMIT 1;
