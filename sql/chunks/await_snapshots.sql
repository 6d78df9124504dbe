-- Waits a second for transactions from before the new table was in step, and brings it in step meanwhile.
{% include 'chunks/no_foreign_sync.sql' %}

DO $executor$
DECLARE
  waiting text;
BEGIN
  PERFORM {{ sync | ident }}();
{% if pass % 10 == 1 %}
  SELECT string_agg(format('pid %s (%s, since %s)', pid, coalesce(nullif(application_name, ''), usename::text),
                           to_char(xact_start, 'HH24:MI:SS')), ', ') INTO waiting
  FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
    AND age(backend_xmin) > (
      SELECT age((substr(obj_description(c.oid, 'pg_class'), length('copied before transaction ') + 1)::xid8)::xid)
      FROM pg_class AS c WHERE c.oid = {{ log | literal }}::regclass);
  RAISE WARNING 'waiting for transactions from before the new table was in step, which would miss rows in it: %', waiting;
{% endif %}
  PERFORM pg_sleep(1);
END
$executor$;
