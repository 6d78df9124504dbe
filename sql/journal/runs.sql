-- The runs in the journal, newest first.
SELECT
  r.id, r.plan,
  {% include 'journal/subject.sql' %} AS table,
  r.status,
  to_char(r.started_at, 'YYYY-MM-DD HH24:MI:SS "UTC"') AS started_at,
  extract(epoch FROM coalesce(r.finished_at, clock_timestamp()) - r.started_at)::float8 AS seconds,
  r.error, e.client,
  CASE WHEN r.status = 'running' THEN {% include 'journal/connected.sql' %} END AS connected
FROM executor.runs AS r
LEFT JOIN executor.executors AS e ON e.run_id = r.id AND e.epoch = r.epoch
ORDER BY r.id DESC
LIMIT 20;
