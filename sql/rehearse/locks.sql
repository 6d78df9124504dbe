{## The locks on relations that a run has, or waits for, at this moment, by the names that others know them by. -##}
SELECT l.pid, n.nspname::text AS schema, c.relname::text AS name, l.mode, l.granted
FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid)
JOIN pg_class AS c ON c.oid = l.relation JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE l.locktype = 'relation' AND a.datname = current_database() AND a.application_name = {{ name | literal }}
  AND l.relation >= 16384
