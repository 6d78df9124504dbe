-- What a run has entered into the registry of backups. As JSON: an older registry has fewer columns.
{% with writing = false %}
{% include 'backups/guard.sql' %}
{% endwith %}

SELECT
  {{ schema | literal }} AS schema, b.entry ->> 'backup_table_name' AS "table", (b.entry ->> 'kind')
    || CASE WHEN b.entry ->> 'kind' = 'old_table' AND (b.entry ->> 'is_backup')::boolean THEN ', the backup' ELSE '' END AS kind,
  (b.entry ->> 'record_count')::bigint AS rows, (b.entry ->> 'size_bytes')::bigint AS size_bytes,
  (b.entry ->> 'created_at')::timestamptz AS created_at,
  (b.entry ->> 'retention_until')::timestamptz AS kept_until, b.entry ->> 'digest' AS digest,
  EXISTS (SELECT FROM pg_class WHERE oid = (b.entry ->> 'table_oid')::oid) AS present
FROM (SELECT to_jsonb(m) AS entry FROM {{ schema | ident }}.migration_backups AS m) AS b
WHERE b.entry ->> 'run' = {{ timestamp | literal }}
ORDER BY 6, 2;
