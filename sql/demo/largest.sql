-- Check partition distribution: the largest
SELECT partition_key, count(*) AS chunk_count
FROM public.chunks
GROUP BY partition_key
ORDER BY chunk_count DESC
LIMIT 5;
