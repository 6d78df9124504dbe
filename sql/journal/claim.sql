-- Say who owns the run; this connection is its sign of life.
INSERT INTO executor.executors (run_id, epoch, backend_pid, backend_start, client)
SELECT {{ run }}, {{ epoch }}, pid, backend_start, {{ client | literal }}
FROM pg_stat_activity WHERE pid = pg_backend_pid()
ON CONFLICT (run_id) DO UPDATE SET
  epoch = EXCLUDED.epoch, backend_pid = EXCLUDED.backend_pid,
  backend_start = EXCLUDED.backend_start, client = EXCLUDED.client,
  claimed_at = clock_timestamp(), heartbeat_at = clock_timestamp();
