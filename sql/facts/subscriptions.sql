-- The tables that a subscription writes to: its workers fire no trigger of a statement, so nothing of it would be logged.
SELECT DISTINCT r.srrelid::regclass::text AS name
FROM pg_subscription_rel AS r
WHERE r.srrelid IN (
{% include 'facts/fragments/tree.sql' %}
)
ORDER BY 1
