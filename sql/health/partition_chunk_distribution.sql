{## Rows of each partition, and how many collections and documents they belong to as ANALYZE has
    estimated it; null where there is no such column, no ANALYZE yet, or no right to read the column. -##}
SELECT
  p.partition_num,
  p.partition_name,
  p.rows AS row_count,
  round(p.rows * 100 / nullif(sum(p.rows) OVER (), 0), 2) AS row_percentage,
  (SELECT round(CASE WHEN s.n_distinct < 0 THEN -s.n_distinct * p.rows ELSE s.n_distinct END)::bigint
   FROM pg_stats AS s
   WHERE s.schemaname = p.schema_name AND s.tablename = p.partition_name
     AND s.attname = {{ key_column | literal }} AND NOT s.inherited) AS collection_count,
  (SELECT round(CASE WHEN s.n_distinct < 0 THEN -s.n_distinct * p.rows ELSE s.n_distinct END)::bigint
   FROM pg_stats AS s
   WHERE s.schemaname = p.schema_name AND s.tablename = p.partition_name
     AND s.attname = 'document_id' AND NOT s.inherited) AS document_count
FROM (
{% include 'health/partitions.sql' %}
) AS p
ORDER BY p.partition_num
