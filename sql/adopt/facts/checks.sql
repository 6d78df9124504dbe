-- The CHECK constraints of the table, but for the one that the plan itself adds for a while.
SELECT * FROM (
{% include 'facts/checks.sql' %}
) AS every
WHERE name <> 'executor_bound'
ORDER BY name
