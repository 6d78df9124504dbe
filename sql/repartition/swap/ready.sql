
{% include 'tables/properties_of_arriving.sql' %}
{% include 'repartition/swap/left_behind.sql' %}

-- What is asked under the lock is planned before it, and what the changes above have made obsolete anew.
DO $executor$
BEGIN
  PERFORM FROM pg_temp.swap_arriving();
  PERFORM pg_temp.swap_left_behind();
  PERFORM {{ sync | ident }}(false);
  PERFORM set_config('statement_timeout', ceil(extract(epoch FROM {{ max_lock | literal }}::interval) * 1000)::text, true);
END
$executor$;

-- What was written since the last pass is applied now, and what is written during that in a second one, so
-- that little is left for the lock. Whoever waits for a referenced table waits no longer than max_lock for it.
DO $executor$
BEGIN
{% include 'repartition/swap/few_rows_left.sql' %}
  FOR time IN 1..2 LOOP
    BEGIN
      PERFORM {{ sync | ident }}();
    EXCEPTION WHEN SQLSTATE 'EX002' OR serialization_failure THEN
      EXIT;  -- what is in the way now will not be under the lock
    END;
  END LOOP;
END
$executor$;
{% if old_snapshots == 'wait' %}

-- A transaction that has its snapshot already would not see what is applied later, be it the last keys of
-- the log, once it comes to read this table.
DO $executor$
DECLARE
  holder text;
BEGIN
  SELECT string_agg({% include 'repartition/log/session_named.sql' %}, ', ') INTO holder
  FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_xmin IS NOT NULL
    AND (state LIKE 'idle in transaction%' OR state = 'disabled' OR backend_type IS NULL AND usesysid IS NOT NULL);
  IF holder IS NOT NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'EX002', MESSAGE = 'a transaction holds a snapshot from before the swap: ' || holder,
      HINT = 'It is REPEATABLE READ or SERIALIZABLE, or has a cursor open. Or --var old_snapshots=allow';
  END IF;
END
$executor$;
{% endif %}
