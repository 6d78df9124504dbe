{## By which columns the statements of pg_stat_statements find rows of the table: what stands after the first WHERE or JOIN
    is looked through for them. A row without a column has all calls. `statements_view` says where it is, if anywhere. -##}
{% if not statements_view %}
  SELECT NULL::text AS name, NULL::numeric AS calls, NULL::numeric AS equal, NULL::numeric AS compared, NULL::numeric AS on_conflict WHERE false
{% else %}
  SELECT
    col.name,
    sum(asked.calls)::numeric AS calls,
    coalesce(sum(asked.calls) FILTER (WHERE asked.condition ~* (col.pattern || '"?\s*(=|IN\M)')), 0)::numeric AS equal,
    coalesce(sum(asked.calls) FILTER (WHERE asked.condition ~* (col.pattern || '"?\s*(=|<|>|IN\M|BETWEEN\M)')), 0)::numeric AS compared,
    coalesce(sum(asked.calls) FILTER (WHERE asked.query ~* '\mON\s+CONFLICT\s*(\(|ON\M)'), 0)::numeric AS on_conflict
  FROM (
    SELECT s.query, s.calls, substring(s.query FROM '(?i)\m(?:WHERE|JOIN)\M(.*)$') AS condition
    FROM {{ statements_view | ident }} AS s
    WHERE s.dbid = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
      AND s.query !~* '\mexecutor\.|pg_temp\.executor_|executor_(rehearsal|assertion)'
      AND s.query !~ {% include 'queries/of_earlier_runs.sql' %}

      AND s.query ~* ('\m' || regexp_replace({{ source.name | literal }}, '([^[:alnum:]_])', '\\\1', 'g') || '\M')
  ) AS asked
  CROSS JOIN (
    SELECT NULL::text AS name, NULL::text AS pattern
    UNION ALL
    SELECT a.attname::text, '\m' || regexp_replace(a.attname, '([^[:alnum:]_])', '\\\1', 'g')
    FROM pg_attribute AS a
    WHERE a.attrelid = to_regclass({{ source | literal }}) AND a.attnum > 0 AND NOT a.attisdropped
  ) AS col
  GROUP BY col.name
  ORDER BY col.name NULLS FIRST
{% endif %}
