-- A run, or the newest one (of a plan), and the server that is asked.
SELECT
  {% include 'journal/subject.sql' %} AS subject,
  r.id, r.plan, r.status, r.variables, r.name_timestamp, r.executor_version, r.system_identifier,
  r.timeline, r.started_at, r.finished_at, r.error, e.client,
  r.status = 'running' AND {% include 'journal/connected.sql' %} AS at_work,
  c.held_before, coalesce(c.paused, false) AS paused,
  clock_timestamp() AS asked_at,
  current_setting('server_version') AS server_version,
  current_database()::text AS database,
  coalesce(has_table_privilege(to_regclass('executor.spans'), 'SELECT'), false) AS has_spans,
  coalesce(has_table_privilege(to_regclass('executor.facts'), 'SELECT'), false) AS has_facts
FROM executor.runs AS r
LEFT JOIN executor.executors AS e ON e.run_id = r.id
LEFT JOIN executor.controls AS c ON c.run_id = r.id
WHERE true
{% if run is not none %}
  AND r.id = {{ run }}
{% elif plan is not none %}
  AND r.plan = {{ plan | literal }}
{% endif %}
ORDER BY r.id DESC
LIMIT 1;
