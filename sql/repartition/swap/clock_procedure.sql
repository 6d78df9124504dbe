{## What clock.sql calls. -##}
CREATE OR REPLACE PROCEDURE pg_temp.executor_clock() LANGUAGE plpgsql AS $executor$
DECLARE
  allowed interval := {{ max_lock | literal }};
  held interval := clock_timestamp() - current_setting('executor.locked_at')::timestamptz;
BEGIN
  IF held > allowed THEN
    RAISE EXCEPTION USING
      ERRCODE = 'EX002',
      MESSAGE = format('the lock was held for %s ms by then, longer than max_lock allows (%s)',
                       round(extract(epoch FROM held) * 1000), {{ max_lock | literal }});
  END IF;
  PERFORM set_config('statement_timeout', ceil(extract(epoch FROM allowed - held) * 1000)::text, true);
END
$executor$;
