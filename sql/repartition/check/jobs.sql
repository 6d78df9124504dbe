-- What other tools do with the table by its name: they go on with the new one. Reads the catalogs, and the jobs of
-- schedulers that are in this database.
{% from 'layout/partitioned.sql' import partitioned with context %}
{% set named = "
    AND strpos(lower(command), lower(%3$L)) > 0
    AND (%3$L !~ '^[[:alnum:]_$]+$' OR lower(%3$L) = ANY (regexp_split_to_array(lower(command), '[^[:alnum:]_$]+')))
) AS listed (name)" %}
{% set names %}{% include 'tables/listed.sql' %}{% endset %}
{## a command may hold a password, and who may see the finding may not see the job: it is named by its number or name -##}
{% set list = 'SELECT ' ~ (names | replace('%', '%%')) ~ " FROM (
  SELECT 'job ' || name FROM (SELECT " %}
{% with of_extensions = false, registers = [
  {'tool': 'pg_cron', 'table': 'job', 'columns': ['jobid', 'schedule', 'command', 'database'],
   'said': list ~ "jobid::text, command FROM %1$s WHERE database = current_database()) AS job (name, command) WHERE true" ~ named},
  {'tool': 'pgAgent', 'table': 'pga_jobstep', 'columns': ['jstid', 'jstname', 'jstcode'],
   'said': list ~ "jstname::text, jstcode FROM %1$s) AS job (name, command) WHERE true" ~ named},
  {'tool': 'pg_timetable', 'table': 'task', 'columns': ['task_id', 'chain_id', 'command'],
   'said': list ~ "task_id::text, command FROM %1$s) AS job (name, command) WHERE true" ~ named}] %}
{% include 'repartition/check/registers.sql' %}
{% endwith %}

WITH source AS (
  SELECT to_regclass({{ source | literal }})::oid AS oid
), asked AS (
  SELECT * FROM jsonb_to_recordset(current_setting('executor.findings')::jsonb) AS asked (tool text, register text, said text, readable boolean)
), audit AS (
  SELECT DISTINCT r.oid, r.rolname
  FROM source, (
    SELECT current_setting('pgaudit.role', true)
    UNION SELECT split_part(setting, '=', 2) FROM pg_db_role_setting, unnest(setconfig) AS setting WHERE setting LIKE 'pgaudit.role=%'
  ) AS named (role)
  JOIN pg_roles AS r ON r.rolname = named.role
)
SELECT
  'scheduled jobs that name the table' AS subject, 'none' AS expected,
  coalesce(string_agg(tool || ' ' || said, '; ') FILTER (WHERE said IS NOT NULL) || '. They go on with the new table. While the plan runs none may change '
    {{ ('or rewrite the table (DDL, CLUSTER, VACUUM FULL); and what says ' ~ ('ONLY, ctid or ' if partitioned else '') ~ 'the name of a partition finds something else afterwards. ') | literal }}, '')
    || coalesce(string_agg(register, ', ') FILTER (WHERE NOT readable) || ' can''t be read by this role, or belongs to one that it does not trust: see whether a job there names the table', '')
    || coalesce('those of pg_cron are in database ' || elsewhere.name || ', and can''t be seen from here', '')
    || CASE WHEN count(tool) FILTER (WHERE said IS NOT NULL OR NOT readable) = 0 AND elsewhere.name IS NULL THEN 'none' ELSE '' END AS actual,
  CASE
    WHEN count(said) > 0 THEN false
    WHEN count(tool) FILTER (WHERE NOT readable) = 0 AND elsewhere.name IS NULL THEN true
  END AS passed
FROM source
CROSS JOIN (SELECT nullif(nullif(current_setting('cron.database_name', true), ''), current_database())) AS elsewhere (name)
LEFT JOIN asked ON true
GROUP BY elsewhere.name
UNION ALL
SELECT
  'object audit (pgaudit.role)', 'finds every statement',
  coalesce({% include 'tables/listed.sql' %} || ': its grants come along with the table. Statements that name a '
    'partition are not audited, as nobody is granted anything there: who may do so is the owner', 'finds every statement'),
  count(audit.oid) = 0
FROM source
LEFT JOIN audit ON has_table_privilege(audit.oid, source.oid, 'SELECT, INSERT, UPDATE, DELETE')
CROSS JOIN LATERAL (SELECT quote_ident(audit.rolname)) AS listed (name)
