-- Takes the old table out of the registry of backups; it is about to be the table again.
CALL pg_temp.executor_hold_registry(writing => true);

DELETE FROM {{ source.schema | ident }}.migration_backups
WHERE kind = 'old_table' AND table_oid = {{ old | literal }}::regclass;
