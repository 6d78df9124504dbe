-- Rows of every partition, in the order of their numbers.
SELECT p.relid::regclass::text AS partition, count(c.tableoid) AS rows
FROM pg_partition_tree('public.chunks') AS p
LEFT JOIN public.chunks AS c ON c.tableoid = p.relid
WHERE p.isleaf
GROUP BY p.relid
ORDER BY 1;
