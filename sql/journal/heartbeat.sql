-- A sign of life; no row: the run was taken over.
UPDATE executor.executors SET heartbeat_at = clock_timestamp()
WHERE run_id = {{ run }} AND epoch = {{ epoch }}
RETURNING run_id;
