-- A run ends.
UPDATE executor.runs
SET status = {{ status | literal }}, finished_at = clock_timestamp(), error = {{ error | literal }}
WHERE id = {{ run }} AND epoch = {{ epoch }};
