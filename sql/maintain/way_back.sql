{## Why nothing is taken away from the table, nor moved in it, while the way back of the run that has put it in its place is kept: a
    rollback needs every partition that this has made. A SELECT of a sentence, none where it is closed. In scope: `whole`. -##}
SELECT 'a rollback of the run that put the table in its place needs its partitions as they are, until the way back is closed, which executor backups cleanup does when the retention of the old table has ended'
WHERE EXISTS (
  SELECT FROM pg_partition_tree(whole.oid) AS tree
  JOIN pg_trigger AS t ON t.tgrelid = tree.relid AND NOT t.tgisinternal
  JOIN pg_proc AS f ON f.oid = t.tgfoid AND {% include 'repartition/log/is_way_back.sql' %})
