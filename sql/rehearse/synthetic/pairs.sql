-- Unique indexes of some tables all of whose columns refer to other tables: rows are told apart by whom they refer to.
SELECT i.indrelid::bigint AS "table", ARRAY(
  SELECT a.attname::text FROM unnest(i.indkey) WITH ORDINALITY AS u (number, place)
  JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = u.number WHERE u.place <= i.indnkeyatts ORDER BY u.place) AS columns
FROM pg_index AS i
WHERE i.indrelid = ANY ({{ tables | literal }}::bigint[]::oid[]) AND i.indisunique AND NOT EXISTS (
  SELECT FROM unnest(i.indkey) WITH ORDINALITY AS u (number, place) WHERE u.place <= i.indnkeyatts AND NOT EXISTS (
    SELECT FROM pg_constraint AS k WHERE k.conrelid = i.indrelid AND k.contype = 'f' AND u.number = ANY (k.conkey)))
ORDER BY 1, i.indisprimary DESC, i.indexrelid
