-- Drops the new table, whose partitions are gone by now; the source still has every row.
-- Lock: ACCESS EXCLUSIVE on the new table, which nobody uses.
DROP TABLE IF EXISTS {{ target | ident }};
