-- Partitions, of whatever table, that are said to be none any more: somebody has attached them again. Detached by hand one
-- day, they would be dropped. What is half detached from this table keeps the mark by which the next run knows that we did it.
{% from 'maintain/mark.sql' import mark, leaving with context %}
{% include 'maintain/with.sql' %}

SELECT n.nspname::text AS schema, c.relname::text AS name, c.relkind = 'f' AS is_foreign
FROM whole
JOIN pg_class AS c ON c.relowner = whole.owner AND c.relispartition AND c.relkind IN ('r', 'p', 'f')
JOIN pg_namespace AS n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (SELECT obj_description(c.oid, 'pg_class')) AS comment (text)
WHERE (starts_with(comment.text, {{ (mark ~ source ~ ' ') | literal }}) OR starts_with(comment.text, {{ (leaving ~ source ~ ' ') | literal }}))
  AND NOT EXISTS (SELECT FROM part WHERE part.oid = c.oid AND part.pending)
ORDER BY n.nspname, c.relname
