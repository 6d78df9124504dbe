-- The slices of the log, if so little is in it that some of them are sooner applied in one transaction.
{% from 'repartition/log/slices.sql' import slices with context %}
SELECT slice
FROM unnest({{ slices | literal }}::integer[]) AS slice
WHERE (SELECT NOT pg_temp.executor_has_more({{ log | literal }}, 5000))
