-- Give a running run another number of workers, another size of batches, or both.
UPDATE executor.controls AS c
SET workers = coalesce({{ workers | literal }}, c.workers),
    batch_rows = coalesce({{ batch_rows | literal }}, c.batch_rows), changed_at = clock_timestamp()
FROM executor.runs AS r
WHERE c.run_id = {{ run }} AND r.id = c.run_id AND r.status = 'running'
RETURNING c.workers, c.batch_rows;
