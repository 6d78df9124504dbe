-- Empties the new table; the source still has every row.
-- Lock: ACCESS EXCLUSIVE on the new table and its partitions, which nobody uses.
LOCK TABLE {{ target | ident }} IN ACCESS EXCLUSIVE MODE;

DO $executor$
DECLARE
  item record;
BEGIN
  -- the plan has none there, and those of others are not fired with the rights of this session, be it on a table
  -- that its owner has put in the place of the new one, or made a child of it
  FOR item IN
    WITH RECURSIVE tree (relid) AS (
      SELECT {{ target | literal }}::regclass::oid
      UNION SELECT i.inhrelid FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.relid
    )
    SELECT c.oid::regclass AS relation, c.relkind FROM tree JOIN pg_class AS c ON c.oid = tree.relid ORDER BY c.oid
  LOOP
    IF item.relkind NOT IN ('r', 'p') THEN
      RAISE EXCEPTION USING
        MESSAGE = format('%s is no table that the plan has made', item.relation),
        HINT = 'Nothing was changed. Drop it, or give back the new table its name, then roll back again.';
    END IF;
    EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', item.relation);
  END LOOP;
END
$executor$;

TRUNCATE {{ target | ident }};
