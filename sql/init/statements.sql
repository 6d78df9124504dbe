{## By which columns the statements of pg_stat_statements find rows of the table: what stands after the first WHERE or JOIN
    is looked through for them. A row without a column has all calls, and in `conflicts` the columns that ON CONFLICT names, null
    for an expression, or the constraint if `by_name`. `statements_view` says where it is, if anywhere. -##}
{% if not statements_view %}
  SELECT NULL::text AS name, NULL::numeric AS calls, NULL::numeric AS equal, NULL::numeric AS compared, NULL::jsonb AS conflicts WHERE false
{% else %}
  WITH asked AS (
    SELECT s.query, s.calls, substring(s.query FROM '(?i)\m(?:WHERE|JOIN)\M(.*)$') AS condition
    FROM {{ statements_view | ident }} AS s
    WHERE s.dbid = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
      AND s.query !~* '\mexecutor\.|pg_temp\.executor_|executor_(rehearsal|assertion)'
      AND s.query !~ {% include 'queries/of_earlier_runs.sql' %}

      AND s.query ~* ('\m' || regexp_replace({{ source.name | literal }}, '([^[:alnum:]_])', '\\\1', 'g') || '\M')
  ), conflict AS (
    SELECT asked.calls, target.found[2] IS NOT NULL AS by_name, (
      SELECT jsonb_agg(CASE WHEN word.text !~ '\(' THEN coalesce(replace(part.found[1], '""', '"'), lower(part.found[2])) END)
      FROM regexp_split_to_table(coalesce(target.found[1], target.found[2]), ',') AS word (text)
      CROSS JOIN LATERAL (SELECT regexp_match(word.text, '^\s*(?:"((?:[^"]|"")+)"|(\w[\w$]*))')) AS part (found)
    ) AS names
    FROM asked
    CROSS JOIN LATERAL (
      SELECT regexp_match(asked.query, '\mON\s+CONFLICT\s*(?:\(([^)]*)\)|ON\s+CONSTRAINT\s+("(?:[^"]|"")+"|\w[\w$]*))', 'i')
    ) AS target (found)
    WHERE target.found IS NOT NULL
  )
  SELECT
    col.name,
    sum(asked.calls)::numeric AS calls,
    coalesce(sum(asked.calls) FILTER (WHERE asked.condition ~* (col.pattern || '"?\s*(=|IN\M)')), 0)::numeric AS equal,
    coalesce(sum(asked.calls) FILTER (WHERE asked.condition ~* (col.pattern || '"?\s*(=|<|>|IN\M|BETWEEN\M)')), 0)::numeric AS compared,
    CASE WHEN col.name IS NULL THEN (SELECT jsonb_agg(to_jsonb(conflict)) FROM conflict) END AS conflicts
  FROM asked
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
