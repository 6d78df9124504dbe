{## What no row of a table may break: its checks, and of the bounds of its partitions, without a name, one has to hold. -##}
SELECT k.conname::text AS name, pg_get_expr(k.conbin, k.conrelid) AS check_sql
FROM pg_constraint AS k WHERE k.conrelid = {{ table | literal }}::regclass AND k.contype = 'c'
UNION ALL
SELECT '', string_agg(coalesce(pg_get_partition_constraintdef(relid), 'true'), ' OR ')
FROM pg_partition_tree({{ table | literal }}::regclass) WHERE isleaf AND level > 0
HAVING count(*) > 0
ORDER BY 1
