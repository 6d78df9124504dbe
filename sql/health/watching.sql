{## The views and functions that watch {{ source }}, by their comments, which anybody may write on what is his, and their
    owners: a SELECT without its semicolon. -##}
{% set functions = ['get_partition_for_collection', 'get_partition_key', 'analyze_partition_skew'] %}
{% set views = ['partition_health', 'partition_distribution', 'partition_chunk_distribution', 'partition_stats',
                'partition_size_distribution', 'partition_hot_spots', 'partition_health_summary'] %}
SELECT found.* FROM (
SELECT p.oid, 'FUNCTION' AS kind, p.oid::regprocedure::text AS name, p.proowner AS owner,
  coalesce(p.proacl, acldefault('f', p.proowner)) AS acl
FROM pg_proc AS p
WHERE p.pronamespace = to_regnamespace(quote_ident({{ source.schema | literal }}))
  AND p.proname IN ({% for name in functions %}{{ name | literal }}, {{ (source | suffix('_' ~ name)).name | literal }}{% if not loop.last %}, {% endif %}{% endfor %})
  AND starts_with(obj_description(p.oid, 'pg_proc'), {{ ('Made by executor for ' ~ source ~ ': ') | literal }})
UNION ALL
SELECT c.oid, 'VIEW', c.oid::regclass::text, c.relowner, c.relacl
FROM pg_class AS c
WHERE c.relnamespace = to_regnamespace(quote_ident({{ source.schema | literal }})) AND c.relkind = 'v'
  AND c.relname IN ({% for name in views %}{{ name | literal }}, {{ (source | suffix('_' ~ name)).name | literal }}{% if not loop.last %}, {% endif %}{% endfor %})
  AND starts_with(obj_description(c.oid, 'pg_class'), {{ ('Made by executor for ' ~ source ~ ': ') | literal }})
) AS found
WHERE found.owner IN (
  SELECT relowner FROM pg_class WHERE oid = to_regclass({{ source | literal }})
  UNION ALL SELECT oid FROM pg_roles WHERE rolname = current_user
  UNION ALL SELECT oid FROM (
{% include 'security/trusted_roles.sql' %}
  ) AS trusted)
