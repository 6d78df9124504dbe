-- The steps of a run, with what their iterations say together.
SELECT
  s.name, s.position, s.form, s.digest, s.status, s.attempts, s.rows, s.started_at, s.finished_at,
  s.error, coalesce(i.planned, 0) AS planned, coalesce(i.finished, 0) AS finished, i.first_item,
  i.longest, i.last_at
FROM executor.steps AS s
LEFT JOIN (
  SELECT
    step, count(*) AS planned, count(*) FILTER (WHERE status = 'succeeded') AS finished,
    max(seconds) AS longest, max(finished_at) AS last_at,
    (array_agg(jsonb_build_object('item', item) ORDER BY number))[1] AS first_item
  FROM executor.iterations
  WHERE run_id = {{ run }}
  GROUP BY step
) AS i ON i.step = s.name
WHERE s.run_id = {{ run }}
ORDER BY s.position;
