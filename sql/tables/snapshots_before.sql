{## The sessions that go on with a snapshot from before now, and so would not see rows that are moved to another table: those of
    REPEATABLE READ, those with a cursor open, and statements at work, as a function of theirs can read the table later. A SELECT of `holder` and of
    `mark`, by which the same one is known later, without its semicolon. `least` is how long a statement has to be at work, or
    how much later than its transaction it has begun. With `locked` all statements count but those that came to the table's lock
    since this transaction began: one that waits there as the first of its transaction gets its snapshot afterwards. So do sessions that this role may
    not look into. -##}
SELECT format('pid %s (%s, since %s)', a.pid, coalesce(nullif(a.application_name, ''), a.usename::text), coalesce(to_char(a.xact_start, 'HH24:MI:SS'), '?')) AS holder,
  concat_ws(' ', a.pid, a.backend_xmin, a.query_start) AS mark
FROM pg_stat_activity AS a
WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND a.backend_xmin IS NOT NULL
  AND (a.backend_type = 'client backend' AND (
      a.state LIKE 'idle in transaction%' OR a.state = 'disabled' OR a.query_start - a.xact_start > {{ least | literal }}::interval
{%- if locked %}

      OR a.query_start < now() OR NOT EXISTS (
        SELECT FROM pg_locks AS l WHERE l.pid = a.pid AND NOT l.granted AND l.locktype = 'relation' AND l.relation IN (
{% include 'facts/fragments/tree.sql' %}
        )))
    OR a.backend_type IS NULL AND a.usesysid IS NOT NULL{% else %} OR clock_timestamp() - a.query_start > {{ least | literal }}::interval){% endif %})