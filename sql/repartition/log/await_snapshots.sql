-- Waits a second for transactions from before the new table was in step, and brings it in step meanwhile.
{% include 'repartition/log/no_foreign_sync.sql' %}
SELECT {{ sync | ident }}(true, 0, 1);
{% if pass % 10 == 1 %}
SELECT pg_temp.executor_warn('waiting for transactions from before the new table was in step, which would miss rows in it: ' || string_agg(holder, ', '))
FROM (
{% include 'repartition/log/old_snapshots.sql' %}

) AS old
HAVING count(*) > 0;
{% endif %}
SELECT pg_sleep(1);
