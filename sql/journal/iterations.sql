-- The iterations of a step.
SELECT number, item, status, rows
FROM executor.iterations
WHERE run_id = {{ run }} AND step = {{ step | literal }}
ORDER BY number;
