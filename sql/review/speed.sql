-- How fast earlier runs of a plan in this database have moved rows, by step: rows a second while it
-- worked, of the newest run that has moved at least a thousand.
SELECT DISTINCT ON (s.name) s.name AS step, s.rows, s.run_id AS run,
  s.rows / greatest(extract(epoch FROM s.finished_at - s.started_at), 0.001)::float8 AS rows_a_second
FROM executor.steps AS s
JOIN executor.runs AS r ON r.id = s.run_id
WHERE r.plan = {{ plan | literal }} AND s.status = 'succeeded' AND s.rows >= 1000
ORDER BY s.name, s.run_id DESC;
