{## What bears the names of the views and functions that watch the source: `ours` says so by its comment; `taken` is what
    is not ours, or is for another table that is still there. Anybody may write such a comment on what is his, and could
    put into it what he likes later. A SELECT without its semicolon. -##}
SELECT
  named.name::text AS name,
  named.fits AND coalesce(starts_with(named.comment, {{ ('Made by executor for ' ~ source ~ ': ') | literal }}), false) AS ours,
  coalesce(named.comment, '') NOT LIKE 'Made by executor for %'
  OR named.owner <> (SELECT relowner FROM pg_class WHERE oid = to_regclass({{ source | literal }})) AND named.owner NOT IN (
{% include 'security/trusted_roles.sql' %}
  )
  OR NOT starts_with(named.comment, {{ ('Made by executor for ' ~ source ~ ': ') | literal }})
    AND to_regclass(substring(named.comment FROM '^Made by executor for (.*?): ')) IS NOT NULL AS taken
FROM (
  SELECT c.relname AS name, c.relowner AS owner, obj_description(c.oid, 'pg_class') AS comment, c.relkind = 'v' AS fits
  FROM pg_class AS c
  WHERE c.relnamespace = quote_ident({{ source.schema | literal }})::regnamespace
    AND c.relname IN ('partition_health', 'partition_distribution', 'partition_chunk_distribution', 'partition_stats',
                      'partition_size_distribution', 'partition_hot_spots', 'partition_health_summary')
  UNION ALL
  SELECT p.proname, p.proowner, obj_description(p.oid, 'pg_proc'), oidvectortypes(p.proargtypes) IN ('', 'text')
  FROM pg_proc AS p
  WHERE p.pronamespace = quote_ident({{ source.schema | literal }})::regnamespace
    AND (p.proname, p.pronargs) IN (('analyze_partition_skew', 0), ('get_partition_key', 1), ('get_partition_for_collection', 1))
) AS named
