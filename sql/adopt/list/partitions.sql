-- The partition that the table gets beside its first one: for all other values, if that is asked for.
SELECT 0 AS number, {{ (source | suffix('_default')).name | literal }} AS name, 'DEFAULT' AS bound_sql
WHERE to_regclass({{ source | literal }}) IS NOT NULL AND {{ default_partition | literal }}
