-- Whether the old table has no foreign key any more.
SELECT NOT EXISTS (
  SELECT FROM pg_constraint
  WHERE contype = 'f' AND conrelid IN (
    SELECT {{ old | literal }}::regclass UNION SELECT relid FROM pg_partition_tree({{ old | literal }}::regclass)))
