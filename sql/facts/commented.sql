-- All that has a comment or could have one.
SELECT object_sql::text AS name, object_sql
FROM (
{% include 'facts/fragments/commented.sql' %}
) AS part
ORDER BY object_sql
