-- One pass: brings the table that is not in use in step with the one that is, by the keys in the log. With
-- many of them it takes those of some partitions in turn, about 1,000, so that nobody waits for long who
-- deletes a row that it refers to, and so that little is done again if such a delete was first.
{% include 'repartition/log/no_foreign_sync.sql' %}
{% if last_pass %}
SELECT set_config('executor.rows', {{ sync | ident }}(true, 0, 1)::text, true);
{% else %}
{% from 'repartition/log/slices.sql' import slices with context %}
SELECT set_config('executor.rows', {{ sync | ident }}(true, ({{ pass }} % parts)::integer, parts::integer)::text, true)
FROM (SELECT least(greatest(ceil(count(*) / 1000.0), 1), {{ slices | length }}) AS parts FROM {{ log | ident }}) AS slices;
{% endif %}
CALL pg_temp.executor_shorten_logs();
