-- Empties the new table; the source still has every row.
-- Lock: ACCESS EXCLUSIVE on the new table and its partitions, which nobody uses.
LOCK TABLE {{ target | ident }} IN ACCESS EXCLUSIVE MODE;

-- After a swap it has the triggers of the application, and one that forbids a TRUNCATE would stop this: none of them is
-- fired, be it one of the table or of a partition alone. They go with it. Nor does code of another run with the rights
-- of this session, be it on what its owner has put in the place of the new table, or made a child of it.
DO $executor$
DECLARE
  tree oid[] := ARRAY(
    WITH RECURSIVE tree (relid) AS (
      SELECT {{ target | literal }}::regclass::oid
      UNION SELECT i.inhrelid FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.relid
    )
    SELECT relid FROM tree);
  strange text;
  item record;
BEGIN
  SELECT string_agg(oid::regclass::text, ', ' ORDER BY relname) INTO strange
  FROM pg_class WHERE oid = ANY (tree) AND relkind NOT IN ('r', 'p');
  IF strange IS NOT NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('%s has what the plan has not made: %s, which is no table', {{ target | literal }}::regclass, strange),
      HINT = 'Nothing was changed. Drop or detach it, or give back the new table its name, then roll back again.';
  END IF;
  FOR item IN
    SELECT DISTINCT tgrelid::regclass AS relation FROM pg_trigger
    WHERE tgrelid = ANY (tree) AND NOT tgisinternal AND tgenabled <> 'D' AND tgtype & 32 <> 0 -- of TRUNCATE
  LOOP
    EXECUTE format('ALTER TABLE ONLY %s DISABLE TRIGGER USER', item.relation);
  END LOOP;
END
$executor$;
{% with written = [target], read = [], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}
TRUNCATE {{ target | ident }};
