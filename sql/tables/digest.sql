{## Rows and digest of `table`, which backups/measure.sql has measured in this transaction: a SELECT without its
    semicolon. If that has measured another one, or none, it fails. -##}
SELECT
  (CASE WHEN (content ->> 'table')::oid = {{ table | literal }}::regclass THEN content ->> 'record_count'
    ELSE 'it is not the table that was measured' END)::bigint AS record_count,
  content ->> 'digest' AS digest
FROM CAST(current_setting('executor.content') AS jsonb) AS content
