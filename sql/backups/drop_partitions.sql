-- Asks for what drops some partitions of a table. A lock is held on each table, index and out-of-line table until the end
-- of the transaction, and the server has room for so many only: so not all partitions go at once.
-- Lock: ACCESS EXCLUSIVE on the partitions and the table, and given up after lock_timeout.
SET LOCAL lock_timeout = '200ms';

SELECT format('DROP TABLE %s', relid::regclass) AS statement
FROM (
  SELECT tree.relid, sum(3 + (SELECT count(*) FROM pg_index AS i WHERE i.indrelid = tree.relid)) OVER (ORDER BY tree.relid) AS locks,
    row_number() OVER (ORDER BY tree.relid) AS place
  FROM pg_partition_tree({{ oid }}::oid) AS tree
  WHERE tree.relid <> {{ oid }} AND NOT EXISTS (SELECT FROM pg_inherits AS i WHERE i.inhparent = tree.relid)
) AS counted
WHERE locks <= 200 OR place = 1
ORDER BY relid;
