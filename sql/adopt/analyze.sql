-- Statistics of the table as a whole; autovacuum never analyzes a partitioned table. Before PostgreSQL 18 this analyzes the
-- partitions, too.
-- Lock: SHARE UPDATE EXCLUSIVE, which readers and writers don't notice.
SELECT set_config('lock_timeout', '10min', false);
ANALYZE {% if facts.server[0].version >= 180000 %}ONLY {% endif %}{{ source | ident }};
SELECT set_config('lock_timeout', {{ settings.lock_timeout | literal }}, false);
