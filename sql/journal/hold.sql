-- The run waits before a step.
UPDATE executor.controls SET held_before = {{ step | literal }}, changed_at = clock_timestamp()
WHERE run_id = {{ run }};
