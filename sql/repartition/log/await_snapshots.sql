-- Waits a second for transactions from before the new table was in step, and brings it in step meanwhile.
{% include 'repartition/log/no_foreign_sync.sql' %}

DO $executor$
DECLARE
  waiting text;
BEGIN
  PERFORM {{ sync | ident }}();
{% if pass % 10 == 1 %}
  SELECT string_agg(holder, ', ') INTO waiting
  FROM (
{% include 'repartition/log/old_snapshots.sql' %}

  ) AS old;
  RAISE WARNING 'waiting for transactions from before the new table was in step, which would miss rows in it: %', waiting;
{% endif %}
  PERFORM pg_sleep(1);
END
$executor$;
