{## How many tables and indexes, not of the catalog, this session has locked by now. -##}
SET LOCAL search_path = pg_catalog, pg_temp;
SELECT count(DISTINCT relation) AS locks FROM pg_locks
WHERE pid = pg_backend_pid() AND locktype = 'relation' AND relation >= 16384 AND granted;
