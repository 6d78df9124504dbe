-- The foreign keys by which some tables refer to others.
SELECT
  k.conname::text AS name,
  k.conrelid::bigint AS child,
  k.confrelid::bigint AS parent,
  ARRAY(
    SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS u (number, place)
    JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.number ORDER BY u.place) AS columns,
  ARRAY(
    SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY AS u (number, place)
    JOIN pg_attribute AS a ON a.attrelid = k.confrelid AND a.attnum = u.number ORDER BY u.place) AS referenced
FROM pg_constraint AS k
WHERE k.contype = 'f' AND k.conparentid = 0 AND k.conrelid = ANY ({{ tables | literal }}::bigint[]::oid[])
ORDER BY 2, 1
