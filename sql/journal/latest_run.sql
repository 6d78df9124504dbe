-- The run of a plan that is not finished, of which there is one at most, else the newest: who owns it, and
-- what it is told.
SELECT
  r.id, r.plan, r.status, r.epoch, r.variables, r.name_timestamp, r.system_identifier, r.timeline, r.error,
  {% include 'journal/subject.sql' %} AS subject,
  to_jsonb(r) ->> 'closed' AS closed,  -- since version 2 of the journal
  to_char(r.started_at, 'YYYY-MM-DD HH24:MI:SS "UTC"') AS started_at,
  to_char(r.finished_at, 'YYYY-MM-DD HH24:MI:SS "UTC"') AS finished_at,
  e.backend_pid, e.client,
  to_char(e.claimed_at, 'YYYY-MM-DD HH24:MI:SS "UTC"') AS claimed_at,
  extract(epoch FROM clock_timestamp() - e.heartbeat_at)::float8 AS silent_seconds,
  {% include 'journal/connected.sql' %} AS connected,
  coalesce(c.paused, false) AS paused, c.held_before, c.workers, c.batch_rows
FROM executor.runs AS r
LEFT JOIN executor.executors AS e ON e.run_id = r.id AND e.epoch = r.epoch
LEFT JOIN executor.controls AS c ON c.run_id = r.id
WHERE true
{% if plan is not none %}
  AND r.plan = {{ plan | literal }}
{% endif %}
{% if run is not none %}
  AND r.id = {{ run }}
{% endif %}
{% if not with_rolled_back %}
  AND r.status <> 'rolled_back'
{% endif %}
{% if done %}
  AND (r.status = 'succeeded' OR EXISTS (
    SELECT FROM executor.steps AS s WHERE s.run_id = r.id AND s.form <> 'check' AND s.status NOT IN ('pending', 'skipped')))
{% endif %}
  AND (r.status IN ('running', 'failed') OR r.variables @> {{ given | literal }}::jsonb)
ORDER BY r.status IN ('running', 'failed') DESC, r.id DESC
LIMIT 1;
