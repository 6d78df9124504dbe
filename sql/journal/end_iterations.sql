-- Iterations end that share one transaction, in it: their rows are not told apart.
UPDATE executor.iterations
SET status = {{ status | literal }}, rows = 0, finished_at = clock_timestamp(),
    seconds = extract(epoch FROM clock_timestamp() - transaction_timestamp()) / {{ numbers | length }}
WHERE run_id = {{ run }} AND step = {{ step | literal }} AND number = ANY ({{ numbers | literal }}::bigint[]);
