-- The foreign keys by which some tables refer to others. To say which rows are meant, their keys are said as values of `types`: a
-- value of a domain would run its checks, and is said as one of what it stands on; of other types that hold some, no key is said.
WITH RECURSIVE base (domain, type) AS (
  SELECT t.oid, t.typbasetype FROM pg_type AS t WHERE t.typtype = 'd'
  UNION ALL
  SELECT base.domain, t.typbasetype FROM base JOIN pg_type AS t ON t.oid = base.type WHERE t.typtype = 'd'
), referenced (key, place, name, type, harmless) AS (
  SELECT k.oid, u.place, a.attname::text, format_type(t.oid, NULL), t.oid < 16384 OR t.typtype = 'e' OR t.typtype = 'b' AND t.typcategory <> 'A'
  FROM pg_constraint AS k
  CROSS JOIN LATERAL unnest(k.confkey) WITH ORDINALITY AS u (number, place)
  JOIN pg_attribute AS a ON a.attrelid = k.confrelid AND a.attnum = u.number
  LEFT JOIN base ON base.domain = a.atttypid AND base.type NOT IN (SELECT domain FROM base)
  JOIN pg_type AS t ON t.oid = coalesce(base.type, a.atttypid)
  WHERE k.contype = 'f'
)
SELECT
  k.conname::text AS name,
  k.conrelid::bigint AS child,
  k.confrelid::bigint AS parent,
  ARRAY(
    SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS u (number, place)
    JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.number ORDER BY u.place) AS columns,
  ARRAY(SELECT r.name FROM referenced AS r WHERE r.key = k.oid ORDER BY r.place) AS referenced,
  ARRAY(SELECT r.type FROM referenced AS r WHERE r.key = k.oid ORDER BY r.place) AS types,
  (SELECT bool_and(r.harmless) FROM referenced AS r WHERE r.key = k.oid) AS harmless
FROM pg_constraint AS k
WHERE k.contype = 'f' AND k.conparentid = 0 AND k.conrelid = ANY ({{ tables | literal }}::bigint[]::oid[])
ORDER BY 2, 1
