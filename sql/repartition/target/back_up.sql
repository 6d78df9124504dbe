-- A copy of every row in one snapshot, readable by the owner only, and its entry in the registry.
-- It has no indexes, defaults or constraints; the entry has the definition of the table, so that a restore
-- can make them. It protects data on this server, not against the loss of the server.
-- Nobody writes to it, so autovacuum would read all of it for nothing while the copy needs the machine;
-- against wraparound it is vacuumed all the same.
{% with written = [], read = [source], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}

CREATE TABLE {{ backup_table | ident }} WITH (autovacuum_enabled = off, toast.autovacuum_enabled = off)
AS TABLE {{ source | ident }};

COMMENT ON TABLE {{ backup_table | ident }} IS {{ ('Backup of ' ~ source ~ ', made by executor before ' ~ plan ~ ' (run ' ~ timestamp ~ '); see migration_backups.') | literal }};

{% with relation = backup_table %}
{% include 'security/private.sql' %}
{% include 'repartition/target/refuse_additions.sql' %}
{% endwith %}

CALL pg_temp.executor_open_registry();
CALL pg_temp.executor_register({{ backup_table | literal }}, 'backup', {{ source | literal }});

-- the rows that the step reports
SELECT set_config('executor.rows', record_count::text, true)
FROM {{ source.schema | ident }}.migration_backups
WHERE table_oid = {{ backup_table | literal }}::regclass;
