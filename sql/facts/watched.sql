-- By which views and functions the partitions are watched, and what each is `called`: by its name, or if something else
-- has that, with the name of the table in front; null if that is taken, too. `watches` is the table that what has the
-- name is for. What was made once under one of the two names keeps it.
WITH wanted (place, name, own, kind, arguments) AS (
  VALUES
    (1, 'partition_health', {{ (source | suffix('_partition_health')).name | literal }}, 'view', 0),
    (2, 'partition_distribution', {{ (source | suffix('_partition_distribution')).name | literal }}, 'view', 0),
    (3, 'partition_chunk_distribution', {{ (source | suffix('_partition_chunk_distribution')).name | literal }}, 'view', 0),
    (4, 'partition_size_distribution', {{ (source | suffix('_partition_size_distribution')).name | literal }}, 'view', 0),
    (5, 'partition_stats', {{ (source | suffix('_partition_stats')).name | literal }}, 'view', 0),
    (6, 'partition_health_summary', {{ (source | suffix('_partition_health_summary')).name | literal }}, 'view', 0),
    (7, 'partition_hot_spots', {{ (source | suffix('_partition_hot_spots')).name | literal }}, 'view', 0),
    (8, 'analyze_partition_skew', {{ (source | suffix('_analyze_partition_skew')).name | literal }}, 'function', 0),
    (9, 'get_partition_key', {{ (source | suffix('_get_partition_key')).name | literal }}, 'function', 1),
    (10, 'get_partition_for_collection', {{ (source | suffix('_get_partition_for_collection')).name | literal }}, 'function', 1)
), found AS (
  SELECT wanted.*, candidate.own_name,
    coalesce(bool_or({% include 'health/taken.sql' %}), false) AS is_taken,
    coalesce(bool_or(starts_with(comment, {{ ('Made by executor for ' ~ source ~ ': ') | literal }})), false) AS is_ours,
    max(substring(comment FROM '^Made by executor for (.*?): ')) AS watches
  FROM wanted
  CROSS JOIN LATERAL (VALUES (false, wanted.name), (true, wanted.own)) AS candidate (own_name, called)
  LEFT JOIN LATERAL (
    SELECT obj_description(c.oid, 'pg_class') AS comment, c.relowner AS owner FROM pg_class AS c
    WHERE wanted.kind = 'view' AND c.oid = to_regclass(format('%I.%I', {{ source.schema | literal }}, candidate.called))
    UNION ALL
    SELECT obj_description(p.oid, 'pg_proc'), p.proowner FROM pg_proc AS p
    WHERE wanted.kind = 'function' AND p.pronamespace = to_regnamespace(quote_ident({{ source.schema | literal }}))
      AND p.proname = candidate.called AND p.pronargs = wanted.arguments
  ) AS of ON true
  GROUP BY wanted.place, wanted.name, wanted.own, wanted.kind, wanted.arguments, candidate.own_name
)
SELECT plain.name, plain.kind,
  CASE WHEN NOT own.is_taken AND (own.is_ours OR plain.is_taken) THEN own.own WHEN NOT plain.is_taken THEN plain.name END AS called,
  plain.is_taken,
  CASE WHEN plain.is_taken AND to_regclass(plain.watches) <> to_regclass({{ source | literal }}) THEN plain.watches END AS watches
FROM found AS plain JOIN found AS own USING (place)
WHERE NOT plain.own_name AND own.own_name
ORDER BY place
