{% if old_snapshots == 'wait' %}

-- A transaction that has its snapshot already would not see what is applied later, be it the last keys of
-- the log, once it comes to read this table.
DO $executor$
DECLARE
  holder text;
BEGIN
  SELECT string_agg(format('pid %s (%s, since %s)', pid, coalesce(nullif(application_name, ''), usename::text),
                           to_char(xact_start, 'HH24:MI:SS')), ', ') INTO holder
  FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%'
    AND backend_xmin IS NOT NULL;
  IF holder IS NOT NULL THEN
    RAISE EXCEPTION USING
      ERRCODE = 'EX002', MESSAGE = 'a transaction holds a snapshot from before the swap: ' || holder,
      HINT = 'It is REPEATABLE READ or SERIALIZABLE, or has a cursor open. Or --var old_snapshots=allow';
  END IF;
END
$executor$;
{% endif %}
