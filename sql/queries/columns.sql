-- A value of each column, as the planner's statistics know it: one from the middle, one that few are above, and one that
-- fewer are above. No row is read. In a database of the encoding SQL_ASCII bytes may be no text, which no client can be sent.
SELECT s.attname::text AS name,
  coalesce(bounds.of[(cardinality(bounds.of) + 1) / 2], most.common[(cardinality(most.common) + 1) / 2]) AS middle,
  coalesce(bounds.of[ceil(cardinality(bounds.of) * 0.9)::integer], most.common[1]) AS late,
  coalesce(bounds.of[ceil(cardinality(bounds.of) * 0.95)::integer], most.common[1]) AS latest
FROM pg_stats AS s
JOIN pg_namespace AS n ON n.nspname = s.schemaname
JOIN pg_class AS c ON c.relnamespace = n.oid AND c.relname = s.tablename
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = s.attname
JOIN pg_type AS t ON t.oid = a.atttypid AND t.typcategory NOT IN ('A', 'C')
CROSS JOIN LATERAL (SELECT CASE WHEN (getdatabaseencoding() <> 'SQL_ASCII' OR s.histogram_bounds::text !~ '[^\x01-\x7f]') THEN s.histogram_bounds::text::text[] END) AS bounds (of)
CROSS JOIN LATERAL (SELECT CASE WHEN (getdatabaseencoding() <> 'SQL_ASCII' OR s.most_common_vals::text !~ '[^\x01-\x7f]') THEN s.most_common_vals::text::text[] END) AS most (common)
WHERE s.schemaname = {{ left.schema | literal }} AND s.tablename = {{ left.name | literal }} AND NOT s.inherited
