{## The locks on relations that a run has, or waits for, at this moment. -##}
SELECT l.pid, l.relation::bigint AS relation, l.mode, l.granted
FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid)
WHERE l.locktype = 'relation' AND a.datname = current_database() AND a.application_name = {{ name | literal }}
  AND l.relation >= 16384
