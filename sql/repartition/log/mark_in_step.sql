-- By now the new table has all rows but those of the last writes: a snapshot from before this transaction could
-- lack any that was ever written meanwhile. The comment of the log says which transaction this is.
-- Lock: SHARE UPDATE EXCLUSIVE on the log, which writers don't notice.
{% with first = log, second = none %}
{% include 'tables/keep_vacuum_away.sql' %}
{% endwith %}

DO $executor$
BEGIN
  EXECUTE format('COMMENT ON TABLE %s IS %L', {{ log | literal }}, 'copied before transaction ' || pg_current_xact_id());
END
$executor$;
