-- Statistics of the new table and its partitions. Autovacuum never analyzes a partitioned table.
ANALYZE {{ target | ident }};
