-- Own a run from here on. Waits for the open transaction of the executor before, then shuts it out.
UPDATE executor.runs
SET epoch = epoch + 1, status = {{ status | literal }}, finished_at = NULL, error = NULL
WHERE id = {{ run }} AND epoch = {{ epoch }}
RETURNING epoch;
