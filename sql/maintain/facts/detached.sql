-- The tables that were partitions of this one until they were detached, as their comments say, so long ago that they
-- may go: of the table's owner, and nothing depends on them.
{% include 'maintain/with.sql' %}

SELECT past.name, format('%I.%I', past.schema, past.name) AS relation, past.detached_at
FROM (
{% include 'maintain/past.sql' %}
) AS past
WHERE past.is_due AND NOT past.is_copy AND past.used_by IS NULL
ORDER BY past.schema, past.name
