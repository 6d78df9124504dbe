-- Undoes the swap if its lock was held for max_lock by now. Else the next statement may take what is left of it.
CREATE OR REPLACE PROCEDURE pg_temp.executor_clock(max_lock interval) LANGUAGE plpgsql AS $procedure$
DECLARE
  held interval := clock_timestamp() - current_setting('executor.locked_at')::timestamptz;
BEGIN
  IF held > max_lock THEN
    RAISE EXCEPTION USING
      ERRCODE = 'EX002',
      MESSAGE = format('the lock was held for %s ms by then, longer than max_lock allows (%s ms)',
                       round(extract(epoch FROM held) * 1000), round(extract(epoch FROM max_lock) * 1000));
  END IF;
  PERFORM set_config('statement_timeout', ceil(extract(epoch FROM max_lock - held) * 1000)::text, true);
END
$procedure$;
