-- A step ends, in the transaction of its work. Its rows: what its iterations reported, or its own
-- last statement, or what a DO block left in the setting executor.rows.
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
