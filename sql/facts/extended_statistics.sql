-- The extended statistics of the table.
SELECT
{% include 'facts/fragments/statistics.sql' %}
FROM pg_statistic_ext AS s
JOIN pg_namespace AS n ON n.oid = s.stxnamespace
WHERE s.stxrelid = to_regclass({{ source | literal }})
ORDER BY n.nspname, s.stxname
