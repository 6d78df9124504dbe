-- Takes the old table out of the registry of backups; it is about to be the table again.
{% with schema = source.schema, writing = true %}
{% include 'backups/guard.sql' %}
{% endwith %}

DELETE FROM {{ source.schema | ident }}.migration_backups
WHERE kind = 'old_table' AND table_oid = {{ old | literal }}::regclass;

{% with back = true %}
{% include 'repartition/way_back/constraint_names.sql' %}
{% endwith %}
