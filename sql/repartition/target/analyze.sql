-- Statistics of the new table; autovacuum never analyzes a partitioned table. Before PostgreSQL 18 this
-- analyzes the partitions, too; since then the workers of the step before have done it.
DO $executor$
BEGIN
  PERFORM set_config('lock_timeout', '10min', true);  -- for an autovacuum; nobody waits behind this
  IF current_setting('server_version_num')::int >= 180000 THEN
    EXECUTE format('ANALYZE ONLY %s', {{ target | literal }}::regclass);  -- older ones can't parse it
  ELSE
    ANALYZE {{ target | ident }};
  END IF;
END
$executor$;
