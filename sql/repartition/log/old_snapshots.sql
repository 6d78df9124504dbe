{## The clients whose snapshot is from before the new table was in step: a SELECT of `holder`, without its
    semicolon. What is not known is no leave to go on: a session that this role may not look into counts as a
    client, and without the mark of the log every snapshot is too old. -##}
{% from 'repartition/way_back/marks.sql' import in_step with context %}
SELECT {% include 'repartition/log/session_named.sql' %} AS holder
FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_xmin IS NOT NULL
  AND (backend_type = 'client backend' OR backend_type IS NULL AND usesysid IS NOT NULL)
  AND coalesce(age(backend_xmin) > (
    SELECT age(xmin) FROM pg_description
    WHERE classoid = 'pg_class'::regclass AND objoid = {{ log | literal }}::regclass AND objsubid = 0
      AND description = {{ in_step | literal }}), true)