-- Partitions that are said to be none any more: somebody has attached them again. Detached by hand one day, they would be dropped.
{% from 'maintain/mark.sql' import mark with context %}
{% include 'maintain/with.sql' %}

SELECT part.schema, part.name FROM part
WHERE NOT part.pending AND starts_with(obj_description(part.oid, 'pg_class'), {{ mark | literal }})
ORDER BY part.schema, part.name
