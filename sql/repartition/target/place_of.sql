{## The bound of the partition `c`, a row of pg_class, and those of what it is part of: an expression, to be compared with place.sql. -##}
(SELECT string_agg(pg_get_expr(b.relpartbound, b.oid), ' of ' ORDER BY up.level)
 FROM pg_partition_ancestors(c.oid) WITH ORDINALITY AS up (relid, level) JOIN pg_class AS b ON b.oid = up.relid AND b.relispartition)