{## Gives back the room of what was deleted from a log: every later look at it would read that, under the lock
    of the swap, too. Entries that are left are put back. VACUUM would need a moment without writers and
    without old snapshots. In a transaction that is READ COMMITTED, and its last statement.
    Lock: ACCESS EXCLUSIVE on the log, so writers wait, for as long as it takes to read it once and to write
    10,000 entries, until the end of the transaction; not if somebody has it, or if reading it takes longer
    than max_lock. -##}
DO $executor$
DECLARE
  began timestamptz;
  keys regclass;
  few boolean;
BEGIN
  FOREACH keys IN ARRAY array_remove(ARRAY[to_regclass({{ log | literal }}), to_regclass({{ back_log | literal }})], NULL) LOOP
    CONTINUE WHEN pg_relation_size(keys) < 8 * 1024 * 1024;
    began := clock_timestamp();
    EXECUTE format('SELECT count(*) <= 10000 FROM (SELECT FROM %s LIMIT 10001) AS entry', keys) INTO few;
    CONTINUE WHEN NOT few OR clock_timestamp() - began > {{ max_lock | literal }}::interval;
    BEGIN
      EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE NOWAIT', keys);
      EXECUTE format('CREATE TEMPORARY TABLE executor_left AS SELECT * FROM %s LIMIT 10001', keys);
      IF (SELECT count(*) FROM pg_temp.executor_left) > 10000 THEN
        RAISE lock_not_available;  -- many came since they were counted
      END IF;
      EXECUTE format('TRUNCATE %s', keys);
      EXECUTE format('INSERT INTO %s TABLE pg_temp.executor_left', keys);
      DROP TABLE pg_temp.executor_left;
    EXCEPTION WHEN lock_not_available THEN
      NULL;  -- the next pass tries again
    END;
  END LOOP;
END
$executor$;
