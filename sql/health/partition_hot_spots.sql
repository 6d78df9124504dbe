{## Where the writes go: rows created in the last hour, day and week, and the counters of all writes
    since they were reset. The only view here that reads the table, and of it the last week; an index
    on created_at keeps that cheap. `timed` is false for a table without created_at. -##}
SELECT
  p.partition_num,
  p.partition_name,
  r.rows_last_hour,
  r.rows_last_day,
  r.rows_last_week,
  round(r.rows_last_hour * 100.0 / nullif(sum(r.rows_last_hour) OVER (), 0), 2) AS hour_percentage,
  round(r.rows_last_day * 100.0 / nullif(sum(r.rows_last_day) OVER (), 0), 2) AS day_percentage,
  round(r.rows_last_week * 100.0 / nullif(sum(r.rows_last_week) OVER (), 0), 2) AS week_percentage,
  p.inserted AS rows_inserted,
  p.updated AS rows_updated,
  p.deleted AS rows_deleted
FROM (
{% include 'health/partitions.sql' %}
) AS p
{% if timed %}
LEFT JOIN (
  SELECT
    tableoid,
    count(*) FILTER (WHERE created_at >= now() - interval '1 hour') AS last_hour,
    count(*) FILTER (WHERE created_at >= now() - interval '1 day') AS last_day,
    count(*) AS last_week
  FROM {{ source | ident }}
  WHERE created_at >= now() - interval '7 days'
  GROUP BY tableoid
) AS recent ON recent.tableoid = p.oid
CROSS JOIN LATERAL (SELECT coalesce(last_hour, 0), coalesce(last_day, 0), coalesce(last_week, 0))
{% else %}
CROSS JOIN (SELECT NULL::bigint, NULL::bigint, NULL::bigint)
{% endif %}
  AS r (rows_last_hour, rows_last_day, rows_last_week)
ORDER BY p.partition_num
