-- Empties the new table; the source still has every row.
-- Lock: ACCESS EXCLUSIVE on the new table and its partitions, which nobody uses.
LOCK TABLE {{ target | ident }} IN ACCESS EXCLUSIVE MODE;

-- The plan has no triggers there, and those of others are not fired with the rights of this session, be it on a table
-- that its owner has put in the place of the new one, or made a child of it.
DO $executor$
DECLARE
  found regclass;
BEGIN
  WITH RECURSIVE tree (relid) AS (
    SELECT {{ target | literal }}::regclass::oid
    UNION SELECT i.inhrelid FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.relid
  )
  SELECT c.oid INTO found FROM tree JOIN pg_class AS c ON c.oid = tree.relid WHERE c.relkind NOT IN ('r', 'p') ORDER BY c.oid LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION USING
      MESSAGE = format('%s is no table that the plan has made', found),
      HINT = 'Nothing was changed. Drop it, or give back the new table its name, then roll back again.';
  END IF;
END
$executor$;
ALTER TABLE {{ target | ident }} DISABLE TRIGGER USER;
{% with written = [target], read = [], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}
TRUNCATE {{ target | ident }};
