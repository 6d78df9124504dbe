-- How fast the newest run of a plan in this database was that has come to its end and moved at least a
-- thousand rows: rows a second, over the time that its steps have taken together.
SELECT
  r.id AS run, max(s.rows) AS rows,
  max(s.rows) / greatest(sum(extract(epoch FROM s.finished_at - s.started_at)), 0.001)::float8 AS rows_a_second
FROM executor.runs AS r
JOIN executor.steps AS s ON s.run_id = r.id AND s.status = 'succeeded'
WHERE r.plan = {{ plan | literal }} AND r.status = 'succeeded'
GROUP BY r.id
HAVING max(s.rows) >= 1000
ORDER BY r.id DESC
LIMIT 1;
