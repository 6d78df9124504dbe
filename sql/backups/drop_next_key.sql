-- Drops the next foreign key of a table that was replaced, and says how many are left: it would forbid
-- deletes in the tables that it references, or let them take rows of the kept table along.
-- Lock: ACCESS EXCLUSIVE on the referenced table and the kept one, for an instant, and given up after
-- lock_timeout. One a transaction, so that never two tables that are in use are locked.
SET LOCAL lock_timeout = '200ms';

{% with old = relation %}
{% include 'tables/drop_next_foreign_key.sql' %}
{% endwith %}

SELECT count(*) AS left
FROM pg_constraint
WHERE contype = 'f' AND conparentid = 0 AND conrelid IN (
  SELECT {{ relation | literal }}::regclass UNION SELECT relid FROM pg_partition_tree({{ relation | literal }}::regclass))
