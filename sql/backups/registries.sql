{## The schemas that have a registry of backups, whether this role may read it, and why it is left alone all the same:
    a SELECT without its semicolon. backups/guard.sql asks that again. -##}
SELECT
  n.nspname::text AS schema,
  has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT') AS readable,
{% include 'backups/registry_doubt.sql' %} AS doubt
FROM pg_class AS c
CROSS JOIN LATERAL (SELECT c.oid) AS registry
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relname = 'migration_backups' AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^pg_'
  AND 5 = (
    SELECT count(*) FROM pg_attribute AS a
    WHERE a.attrelid = c.oid AND NOT a.attisdropped
      AND a.attname IN ('backup_table_name', 'original_table_name', 'record_count', 'created_at', 'retention_until'))
ORDER BY n.nspname
