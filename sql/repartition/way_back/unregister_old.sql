-- Takes the old table out of the registry of backups; it is about to be the table again. A registry that somebody has
-- dropped is made anew, empty.
CALL pg_temp.executor_open_registry();

DELETE FROM {{ source.schema | ident }}.migration_backups
WHERE kind = 'old_table' AND table_oid = {{ old | literal }}::regclass;

{% with back = true %}
{% include 'repartition/way_back/constraint_names.sql' %}
{% endwith %}
