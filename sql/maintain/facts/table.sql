-- The table that is maintained, if it is in RANGE partitions of one column: its key, its default partition, and what time
-- it is. Nothing is moved out of a default partition where that is said in `not_movable`.
{% include 'maintain/with.sql' %}

SELECT
  whole.schema, whole.name, whole.key, whole.type AS type_sql, pg_get_partkeydef(whole.oid) AS partition_by_sql,
  CASE WHEN d.oid IS NOT NULL THEN format('%I.%I', d.schema, d.name) END AS default_relation, d.oid IS NOT NULL AS has_default,
  coalesce((SELECT sum(rows) FROM movable), 0)::bigint AS movable,
  (SELECT string_agg(why.said, ', and ') FROM (
{% include 'maintain/not_movable.sql' %}
  ) AS why (said)) AS not_movable,
  to_char(clock.at, 'YYYY-MM-DD HH24:MI:SS.US') || '+00' AS clock
FROM whole CROSS JOIN clock LEFT JOIN part AS d ON d.is_default
