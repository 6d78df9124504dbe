-- Lock: ACCESS EXCLUSIVE on the new table and its partitions, which nobody uses.
DROP TRIGGER zz_partition_key ON {{ target | ident }};
DROP FUNCTION {{ source | suffix('_partition_key') | ident }}();
