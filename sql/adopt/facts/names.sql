-- The names that indexes and constraints of the table have, but for the plan's own.
SELECT * FROM (
{% include 'facts/names.sql' %}
) AS every
WHERE name <> 'executor_bound' AND NOT starts_with(name, {{ ('executor_' ~ timestamp) | literal }})
ORDER BY 2 DESC, 1
