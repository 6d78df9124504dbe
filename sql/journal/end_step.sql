-- A step ends, in the transaction of its work. Its rows: what its iterations reported, or its own
-- last statement, or what a DO block left in the setting executor.rows.
{% if status == 'rolled_back' %}
{% include 'journal/broken_off.sql' %}
{% endif %}
{% if status != 'skipped' %}
INSERT INTO executor.spans (run_id, step, kind, outcome, detail, started_at, finished_at)
SELECT s.run_id, s.name,
{% if status == 'rolled_back' %}
  'undo', {{ status | literal }}, NULL, transaction_timestamp(), clock_timestamp()
{% else %}
  'run', {{ status | literal }}, {{ error | literal }}, s.started_at, clock_timestamp()
{% endif %}
FROM executor.steps AS s
WHERE s.run_id = {{ run }} AND s.name = {{ step | literal }} AND s.started_at IS NOT NULL;
{% endif %}
UPDATE executor.steps
SET status = {{ status | literal }}, finished_at = clock_timestamp(), error = {{ error | literal }},
    started_at = coalesce(started_at, clock_timestamp()),
    rows = coalesce(
      (SELECT sum(i.rows) FROM executor.iterations AS i
       WHERE i.run_id = {{ run }} AND i.step = {{ step | literal }} AND i.status = 'succeeded'),
      nullif(current_setting('executor.rows', true), '')::bigint,
      {{ rows }})
WHERE run_id = {{ run }} AND name = {{ step | literal }}
RETURNING rows;
