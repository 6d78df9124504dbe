-- A step begins, or begins again.
{% include 'journal/broken_off.sql' %}
UPDATE executor.steps
SET status = 'running', attempts = attempts + 1, started_at = clock_timestamp(),
    finished_at = NULL, error = NULL
WHERE run_id = {{ run }} AND name = {{ step | literal }};
