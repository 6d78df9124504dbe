-- Check partition health: the largest that are not NORMAL
SELECT partition_name, partition_status, row_count
FROM public.partition_health
WHERE partition_status <> 'NORMAL'
ORDER BY row_count DESC
LIMIT 5;
