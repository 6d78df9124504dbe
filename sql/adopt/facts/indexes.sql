-- The indexes of the table, in the order of facts/indexes.sql, but for those that the plan itself has built for the exchange.
SELECT * FROM (
{% include 'facts/indexes.sql' %}
) AS every
WHERE NOT starts_with(name::text, {{ ('executor_' ~ timestamp) | literal }})
