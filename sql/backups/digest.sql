{## Rows and digest of the table that backups/measure.sql has just measured: a SELECT without its semicolon. -##}
SELECT (content ->> 'record_count')::bigint AS record_count, content ->> 'digest' AS digest
FROM CAST(current_setting('executor.content') AS jsonb) AS content
