-- A run ends, and nothing waits any more.
UPDATE executor.controls SET held_before = NULL, changed_at = clock_timestamp()
WHERE run_id = {{ run }} AND held_before IS NOT NULL;
UPDATE executor.runs
SET status = {{ status | literal }}, finished_at = clock_timestamp(), error = {{ error | literal }}
WHERE id = {{ run }} AND epoch = {{ epoch }};
