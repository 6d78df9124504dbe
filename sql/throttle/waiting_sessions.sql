-- At most max_waiting sessions wait for a lock in this database.
-- Our own are not counted. Needs no special rights, as pg_stat_activity.wait_event_type would; the
-- database is that of the session, since the lock of a row or transaction has none.
SELECT count(DISTINCT l.pid) <= {{ max_waiting }}
FROM pg_locks AS l
JOIN pg_stat_activity AS a ON a.pid = l.pid
WHERE NOT l.granted AND a.datname = current_database()
  AND a.application_name IS DISTINCT FROM {{ ('executor:' ~ plan) | literal }}
