-- The runs in the journal, newest first.
SELECT
  r.id, r.plan,
  {% include 'journal/subject.sql' %} AS table,
  r.status,
  to_char(r.started_at, 'YYYY-MM-DD HH24:MI:SS "UTC"') AS started_at,
  to_char(r.finished_at, 'YYYY-MM-DD HH24:MI:SS "UTC"') AS finished_at,
  -- of one that is rolled back this would be the time that it stood
  CASE WHEN r.status <> 'rolled_back' THEN extract(epoch FROM coalesce(r.finished_at, clock_timestamp()) - r.started_at)::float8 END AS seconds,
  r.error, e.client,
  CASE WHEN r.status = 'running' THEN {% include 'journal/connected.sql' %} END AS connected
FROM executor.runs AS r
LEFT JOIN executor.executors AS e ON e.run_id = r.id AND e.epoch = r.epoch
ORDER BY r.id DESC
LIMIT 20;
