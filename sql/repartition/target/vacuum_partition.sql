-- Freezes the rows and sets the visibility map, so that neither an anti-wraparound storm nor slow
-- index-only scans follow the swap. Then the statistics, where the step after this need not collect those
-- of all partitions in turn.
-- Lock: SHARE UPDATE EXCLUSIVE on the partition, which nobody uses. So nobody waits behind it: it is waited for
-- as long as an autovacuum takes, or the server for an executor that was killed; the step after this ends that setting.
{% from 'repartition/target/partition_name.sql' import partition with context %}
SELECT set_config('lock_timeout', '10min', false); VACUUM (FREEZE{% if facts.server[0].version >= 180000 %}, ANALYZE{% endif %}) {{ partition | ident }};
