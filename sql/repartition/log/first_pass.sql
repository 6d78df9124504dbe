-- Brings one partition of the new table in step with the table, by the keys in the log. None is left out, however
-- few they are: a row may refer to one that was deleted before the foreign keys of the partitions followed it.
{% from 'repartition/log/slices.sql' import slices with context %}
{% include 'repartition/log/no_foreign_sync.sql' %}
SELECT set_config('executor.rows', {{ sync | ident }}(true, {{ item }}, {{ slices | length }})::text, true);
