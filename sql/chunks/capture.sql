-- Begins to log the keys of all that is written to the table, and creates the function that will bring
-- the new table in step. Committed before the first row is copied, so that every later write is logged.
-- Lock: SHARE ROW EXCLUSIVE on the table and its partitions: waits for the writers in flight, who hold
-- up others meanwhile, for lock_timeout at most; then held for some milliseconds.
{% with keys = log %}
{% include 'chunks/create_log.sql' %}
{% endwith %}

{% with keys = log, here = source, there = target, back = false, plain = source %}
{% include 'chunks/create_sync.sql' %}
{% endwith %}

{% with first = source, second = none %}
{% include 'chunks/keep_vacuum_away.sql' %}
{% endwith %}

-- One waiting time for all locks together; lock_timeout alone would count anew for each.
DO $executor$
BEGIN
  PERFORM set_config('statement_timeout', current_setting('lock_timeout'), true);
END
$executor$;

LOCK TABLE {{ source | ident }} IN SHARE ROW EXCLUSIVE MODE;

SET LOCAL statement_timeout = 0;

{% with keys = log, relation = source, reach = 'all' %}
{% include 'chunks/create_triggers.sql' %}
{% endwith %}

{% include 'chunks/write_fingerprint.sql' %}
