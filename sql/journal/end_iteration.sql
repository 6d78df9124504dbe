-- An iteration ends, in the transaction of its work.
INSERT INTO executor.iterations AS i (run_id, step, number, item, status, rows, seconds, finished_at)
VALUES (
  {{ run }}, {{ step | literal }}, {{ number }}, ({{ item | literal }}::jsonb -> 'item'), {{ status | literal }},
  coalesce(nullif(current_setting('executor.rows', true), '')::bigint, {{ rows }}),
  extract(epoch FROM clock_timestamp() - transaction_timestamp()), clock_timestamp()
)
ON CONFLICT (run_id, step, number) DO UPDATE
SET status = EXCLUDED.status, rows = EXCLUDED.rows, seconds = EXCLUDED.seconds,
    finished_at = EXCLUDED.finished_at
RETURNING i.rows;
