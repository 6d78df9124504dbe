-- The comments on the table and on all that hangs on it; `is_made` of those that are made with the new table's parts,
-- before the swap. Those on foreign keys and extended statistics are told with them.
SELECT object_sql::text AS name, object_sql, is_made, d.description AS comment
FROM (
{% include 'facts/fragments/commented.sql' %}
) AS part
JOIN pg_description AS d USING (classoid, objoid, objsubid)
ORDER BY is_made, object_sql
