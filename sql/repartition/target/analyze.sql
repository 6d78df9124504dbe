-- Statistics of the new table; autovacuum never analyzes a partitioned table. Before PostgreSQL 18 this
-- analyzes the partitions, too; since then the workers of the step before have done it.
-- Lock: SHARE UPDATE EXCLUSIVE, waited for as in the step before.
SELECT set_config('lock_timeout', '10min', false);
ANALYZE {% if facts.server[0].version >= 180000 %}ONLY {% endif %}{{ target | ident }};
SELECT set_config('lock_timeout', {{ settings.lock_timeout | literal }}, false);
