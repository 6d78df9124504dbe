-- Brings one partition of the new table in step with the table, by the keys in the log.
{% include 'repartition/log/no_foreign_sync.sql' %}
SELECT set_config('executor.rows', {{ sync | ident }}(true, {{ item }}, {{ partition_count }})::text, true);
