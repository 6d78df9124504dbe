-- Empties the new table; the source still has every row.
-- Lock: ACCESS EXCLUSIVE on the new table and its partitions, which nobody uses.
TRUNCATE {{ target | ident }};
