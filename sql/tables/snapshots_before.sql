{## The sessions that go on with a snapshot from before now, and so would not see rows that are moved to another table: those of
    REPEATABLE READ, those with a cursor open, and statements at work, as a function of theirs can read the table later. A SELECT
    of `holder` and of `mark`, by which the same one is known later, without its semicolon. `when` says which statements count:
    early: those that have been at work, or began so much later than their transaction, for 10 seconds
    locked: all, and what this role may not look into, but those that came to the table's lock since this transaction began: one
      that waits there as the first of its transaction gets its snapshot afterwards
    ending: the same, and whoever waits there does not count, as it would have been found when the lock was taken -##}
SELECT format('pid %s (%s, since %s)', a.pid, coalesce(nullif(a.application_name, ''), a.usename::text), coalesce(to_char(a.xact_start, 'HH24:MI:SS'), '?')) AS holder,
  concat_ws(' ', a.pid, a.backend_xmin, a.query_start) AS mark
FROM pg_stat_activity AS a
WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND a.backend_xmin IS NOT NULL
{% if when == 'early' %}
  AND a.backend_type = 'client backend'
  AND (a.state LIKE 'idle in transaction%' OR a.state = 'disabled' OR a.query_start - a.xact_start > interval '10 seconds' OR clock_timestamp() - a.query_start > interval '10 seconds')
{%- else %}
  AND (a.backend_type = 'client backend' OR a.backend_type IS NULL AND a.usesysid IS NOT NULL)
  AND ({% if when == 'locked' %}a.query_start < now() OR a.query_start - a.xact_start > interval '10 milliseconds' OR {% endif %}NOT EXISTS (
    SELECT FROM pg_locks AS l WHERE l.pid = a.pid AND NOT l.granted AND l.locktype = 'relation' AND l.relation IN (
{% include 'facts/fragments/tree.sql' %}
    )))
{%- endif %}