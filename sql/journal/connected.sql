{## Whether the executor `e` of a run still has its connection; its start is null if it is another role's. -##}
EXISTS (
    SELECT FROM pg_stat_activity AS a
    WHERE a.pid = e.backend_pid AND (a.backend_start = e.backend_start OR a.backend_start IS NULL))
