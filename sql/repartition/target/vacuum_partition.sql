-- Freezes the rows and sets the visibility map, so that neither an anti-wraparound storm nor slow
-- index-only scans follow the swap. Then the statistics, where the step after this need not collect those
-- of all partitions in turn. From here on autovacuum takes care of the partition, as it does of the source.
-- Lock: SHARE UPDATE EXCLUSIVE on the partition, which nobody uses. So nobody waits behind it: it is waited for
-- as long as an autovacuum takes, or the server for an executor that was killed.
{% from 'repartition/target/partition_name.sql' import partition with context %}
DO $executor$
BEGIN
  PERFORM set_config('executor.lock_timeout', current_setting('lock_timeout'), false);
  PERFORM set_config('lock_timeout', '10min', false);
END
$executor$;

VACUUM (FREEZE) {{ partition | ident }};

DO $executor$
DECLARE
  enabled text;
BEGIN
  IF current_setting('server_version_num')::int >= 180000 THEN
    ANALYZE {{ partition | ident }};
  END IF;
  ALTER TABLE {{ partition | ident }} RESET (autovacuum_enabled, toast.autovacuum_enabled);
  SELECT string_agg(format('%s%I = %L', place, option_name, option_value), ', ') INTO enabled
  FROM (
{% include 'tables/storage_parameters.sql' %}
  ) AS parameter
  WHERE option_name = 'autovacuum_enabled';
  IF enabled IS NOT NULL THEN
    EXECUTE format('ALTER TABLE %s SET (%s)', {{ partition | literal }}::regclass, enabled);
  END IF;
  PERFORM set_config('lock_timeout', current_setting('executor.lock_timeout'), false);
END
$executor$;
