-- One pass: brings the table that is not in use in step with the one that is, by the keys in the log. With
-- many of them it takes those of some partitions in turn, about 1,000, so that nobody waits for long who
-- deletes a row that it refers to, and so that little is done again if such a delete was first.
{% include 'repartition/log/no_foreign_sync.sql' %}

DO $executor$
DECLARE
  keys bigint := {% if last_pass %}0{% else %}(SELECT count(*) FROM {{ log | ident }}){% endif %};
BEGIN
  PERFORM set_config('executor.rows', {{ sync | ident }}(true, ({{ pass }} % parts)::integer, parts::integer)::text, true)
  FROM (SELECT least(greatest(ceil(keys / 1000.0), 1), {{ partition_count }}) AS parts) AS slices;
END
$executor$;

{% include 'repartition/log/shorten.sql' %}
