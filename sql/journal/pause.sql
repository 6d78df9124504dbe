-- Let a running run wait before its next iteration or step.
UPDATE executor.controls AS c SET paused = true, changed_at = clock_timestamp()
FROM executor.runs AS r
WHERE c.run_id = {{ run }} AND r.id = c.run_id AND r.status = 'running'
RETURNING c.run_id;
