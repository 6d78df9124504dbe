-- IF EXISTS: a printed script undoes every step, also one that was skipped.
-- Lock: ACCESS EXCLUSIVE on the new table and its partitions, which nobody uses.
DROP TRIGGER IF EXISTS zz_partition_key ON {{ target | ident }};
DROP FUNCTION IF EXISTS {{ source | suffix('_partition_key') | ident }}();
