-- The schemas that have a registry of backups, and whether this role may read it.
SELECT
  n.nspname::text AS schema,
  has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT') AS readable
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relname = 'migration_backups' AND c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_'
  AND 5 = (
    SELECT count(*) FROM pg_attribute AS a
    WHERE a.attrelid = c.oid AND NOT a.attisdropped
      AND a.attname IN ('backup_table_name', 'original_table_name', 'record_count', 'created_at', 'retention_until'))
ORDER BY n.nspname
