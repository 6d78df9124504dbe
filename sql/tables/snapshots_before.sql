{## The sessions that go on with a snapshot from before now, and so would not see rows that are moved to another table: those of
    REPEATABLE READ, and those with a cursor open. A SELECT of `holder`, without its semicolon. The snapshot of a statement that
    is its transaction's first goes with it; `least` is how much later than its transaction another one has begun. Sessions
    that this role may not look into are not known of. -##}
SELECT format('pid %s (%s, since %s)', pid, coalesce(nullif(application_name, ''), usename::text), to_char(xact_start, 'HH24:MI:SS')) AS holder
FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND backend_xmin IS NOT NULL
  AND (state LIKE 'idle in transaction%' OR state = 'active' AND query_start - xact_start > {{ least | literal }}::interval)
