-- The steps of a run.
SELECT
  s.name, s.position, s.form, s.digest, s.status, s.attempts, s.rows, s.error,
  -- one that was rolled back has ended when it was undone
  CASE WHEN s.status <> 'rolled_back' THEN extract(epoch FROM coalesce(s.finished_at, CASE WHEN s.status = 'running' THEN clock_timestamp() END) - s.started_at)::float8 END AS seconds,
  i.planned, i.finished,
  -- the journal of an older version has no such column
  coalesce((to_jsonb(s) ->> 'weight')::float8, 0) AS weight
FROM executor.steps AS s
LEFT JOIN LATERAL (
  SELECT count(*) AS planned, count(*) FILTER (WHERE status = 'succeeded') AS finished
  FROM executor.iterations WHERE run_id = s.run_id AND step = s.name
) AS i ON true
WHERE s.run_id = {{ run }}
ORDER BY s.position;
