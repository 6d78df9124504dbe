-- The statements of pg_stat_statements that may name the table: those that took most time, and those that were called
-- most often. Not ours, which name one of our tables, of earlier runs too, nor what foreign keys ask, nor bytes that are no text (SQL_ASCII).
WITH asked AS (
  SELECT s.queryid::text AS id, min(s.query) AS query, (array_agg(s.userid ORDER BY s.calls DESC))[1] AS role,
    sum(s.calls)::bigint AS calls, sum(s.total_exec_time)::double precision AS total
  FROM {{ statements_view | ident }} AS s
  WHERE s.dbid = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database()) AND s.queryid IS NOT NULL
    AND (getdatabaseencoding() <> 'SQL_ASCII' OR s.query !~ '[^\x01-\x7f]')
    AND s.query ~* ('(^|\W)' || regexp_replace(replace({{ left.name | literal }}, '"', '""'), '([^[:alnum:]_])', '\\\1', 'g') || '($|\W)')
    AND s.query ~* '^(\s|\(|/\*([^*]|\*+[^*/])*\*+/|--[^\n]*\n)*(WITH|SELECT|INSERT|UPDATE|DELETE|MERGE)\M'
    AND s.query !~* '\mOPERATOR\(pg_catalog\.|\mexecutor_|^\s*EXPLAIN\M|\(SELECT FROM \S+ TABLESAMPLE '
    AND s.query !~ {% include 'queries/of_earlier_runs.sql' %}

    AND NOT EXISTS (SELECT FROM unnest({{ ours | literal }}::text[]) AS ours (name) WHERE strpos(s.query, ours.name) > 0)
  GROUP BY s.queryid
), ranked AS (
  SELECT *, row_number() OVER (ORDER BY total DESC, id) AS by_time, row_number() OVER (ORDER BY calls DESC, id) AS by_calls FROM asked
)
SELECT asked.id, asked.query AS text, asked.calls, asked.total / greatest(asked.calls, 1) AS ms, found.path, known.bare, known.presumed
FROM ranked AS asked
{% include 'queries/path.sql' %}
WHERE asked.by_time <= {{ most }} OR asked.by_calls <= {{ most }}
ORDER BY asked.total DESC, asked.id
