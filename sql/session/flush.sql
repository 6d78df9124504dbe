-- What this session has counted of its work is told now and not when it gets idle: a VACUUM counts the rows anew, and
-- what is told after it would be counted twice.
SELECT pg_catalog.pg_stat_force_next_flush();
