-- Drops some partitions of a table and says how many are left. A lock is held on each table, index and
-- out-of-line table until the end of the transaction, and the server has room for so many only: so not
-- all partitions go at once.
-- Lock: ACCESS EXCLUSIVE on the partitions and the table, and given up after lock_timeout.
SET LOCAL lock_timeout = '200ms';

DO $executor$
DECLARE
  item record;
BEGIN
  FOR item IN
    SELECT relid
    FROM (
      SELECT tree.relid, sum(3 + (SELECT count(*) FROM pg_index AS i WHERE i.indrelid = tree.relid)) OVER (ORDER BY tree.relid) AS locks,
        row_number() OVER (ORDER BY tree.relid) AS place
      FROM pg_partition_tree({{ oid }}::oid) AS tree
      WHERE tree.relid <> {{ oid }} AND NOT EXISTS (SELECT FROM pg_inherits AS i WHERE i.inhparent = tree.relid)
    ) AS counted
    WHERE locks <= 200 OR place = 1
  LOOP
    EXECUTE format('DROP TABLE %s', item.relid::regclass);
  END LOOP;
END
$executor$;

SELECT count(*) AS left FROM pg_partition_tree({{ oid }}::oid) WHERE relid <> {{ oid }};
