-- Indexes of the new table that lack one of a partition, or were left behind by a failed build.
SELECT i.indrelid::regclass AS relation, i.indexrelid::regclass AS index
FROM pg_index AS i
WHERE i.indrelid IN (SELECT {{ target | literal }}::regclass UNION SELECT relid FROM pg_partition_tree({{ target | literal }}::regclass))
  AND NOT (i.indisvalid AND i.indisready)
