{## Two members of a WITH, after `parent` and `bounds`. ranges: RANGE partitions of one time or number, with their bounds as texts and as
    numbers. ahead: whether they go on from the present one to the next; no row where that can't be known. Of a time the present is
    now, of a number the newest partition that has rows. `over` is how much of the present one is past: 0.5 is half; of a number all
    of it, as nobody knows when it will be full. -##}
ranges AS MATERIALIZED (
  SELECT bounds.oid, kind.is_number, said.lower_value, said.upper_value, coalesce(position.lower, '-Infinity') AS lower_at, coalesce(position.upper, 'Infinity') AS upper_at,
    EXISTS (SELECT FROM pg_partition_tree(bounds.oid) AS leaf JOIN pg_class AS c ON c.oid = leaf.relid AND leaf.isleaf
            WHERE greatest(pg_stat_get_live_tuples(c.oid), c.reltuples::bigint) > 0) AS has_rows
  FROM parent
  JOIN pg_attribute AS a ON a.attrelid = parent.oid AND a.attnum = parent.columns[0] AND a.attnum > 0
  CROSS JOIN LATERAL (SELECT format_type(a.atttypid, NULL)) AS key (type)
  CROSS JOIN LATERAL (SELECT key.type IN ('smallint', 'integer', 'bigint', 'numeric')) AS kind (is_number)
  CROSS JOIN bounds
  CROSS JOIN LATERAL (SELECT substring(bound FROM '^FOR VALUES FROM \(''?([^'')]*)'), substring(bound FROM ' TO \(''?([^'')]*)')) AS said (lower_value, upper_value)
  CROSS JOIN LATERAL (SELECT
{% for side in ('lower', 'upper') %}
    CASE WHEN said.{{ (side ~ '_value') | ident }} NOT IN ('MINVALUE', 'MAXVALUE') THEN
      CASE WHEN kind.is_number THEN said.{{ (side ~ '_value') | ident }}::numeric
           WHEN key.type = 'uuid' THEN ('x0000' || left(replace(said.{{ (side ~ '_value') | ident }}, '-', ''), 12))::bit(64)::bigint / 1000.0
           WHEN key.type = 'timestamp with time zone' THEN extract(epoch FROM said.{{ (side ~ '_value') | ident }}::timestamptz)::numeric
           ELSE extract(epoch FROM said.{{ (side ~ '_value') | ident }}::timestamp)::numeric END END AS {{ side | ident }}{% if not loop.last %},{% endif %}

{% endfor %}
  ) AS position
  WHERE parent.strategy = 'r' AND cardinality(parent.columns) = 1 AND bound <> 'DEFAULT'
    AND (kind.is_number OR key.type IN ('date', 'timestamp without time zone', 'timestamp with time zone', 'uuid'))
), ahead AS (
  SELECT present.oid IS NOT NULL AS has_present, present.upper_value AS ends, last.upper_value AS last_ends, last.upper_at = 'Infinity' AS endless,
    present.upper_at = 'Infinity' OR EXISTS (SELECT FROM ranges WHERE lower_at = present.upper_at) AS has_next,
    CASE WHEN last.is_number THEN 1 WHEN present.lower_at = '-Infinity' THEN 1 ELSE (clock.now - present.lower_at) / (present.upper_at - present.lower_at) END AS over
  FROM (SELECT * FROM ranges ORDER BY upper_at DESC LIMIT 1) AS last
  CROSS JOIN (SELECT extract(epoch FROM now())::numeric) AS clock (now)
  LEFT JOIN LATERAL (
    SELECT * FROM ranges
    WHERE CASE WHEN is_number THEN has_rows OR NOT EXISTS (SELECT FROM ranges AS any_ WHERE any_.has_rows) ELSE lower_at <= clock.now AND clock.now < upper_at END
    ORDER BY CASE WHEN has_rows THEN lower_at END DESC NULLS LAST, lower_at LIMIT 1
  ) AS present ON true
)
