-- Empties the new table; the source still has every row.
-- Lock: ACCESS EXCLUSIVE on the new table and its partitions, which nobody uses.
DO $executor$
DECLARE
  item record;
BEGIN
  -- the plan has none there, and those of others are not fired with the rights of this session
  FOR item IN SELECT relid FROM pg_partition_tree({{ target | literal }}::regclass) LOOP
    EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', item.relid);
  END LOOP;
END
$executor$;

TRUNCATE {{ target | ident }};
