-- Columns whose values may not come back from files, by what their types are made of: types without a binary form
-- can't even be written, and what a domain refuses by now, or what an extension's type reads, is known when it is tried.
WITH RECURSIVE part (name, type, oid) AS (
  SELECT a.attname::text, format_type(a.atttypid, a.atttypmod), a.atttypid
  FROM pg_attribute AS a
  WHERE a.attrelid = {{ table | literal }}::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attname = ANY ({{ columns | literal }}::name[])
  UNION
  SELECT part.name, part.type, inner_type.oid
  FROM part
  JOIN pg_type AS t ON t.oid = part.oid
  CROSS JOIN LATERAL (
    SELECT t.typbasetype UNION ALL SELECT t.typelem WHERE t.typsubscript = 'array_subscript_handler'::regproc
    UNION ALL SELECT r.rngsubtype FROM pg_range AS r WHERE r.rngtypid = t.oid
    UNION ALL SELECT r.rngtypid FROM pg_range AS r WHERE r.rngmultitypid = t.oid
    UNION ALL SELECT a.atttypid FROM pg_attribute AS a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
  ) AS inner_type (oid)
  WHERE inner_type.oid <> 0
)
SELECT part.name, part.type, bool_and(t.typsend <> 0 AND t.typreceive <> 0) AS has_binary
FROM part JOIN pg_type AS t ON t.oid = part.oid
GROUP BY part.name, part.type
HAVING NOT bool_and(t.typsend <> 0 AND t.typreceive <> 0)
  OR bool_or(t.typtype = 'd' AND (t.typnotnull OR EXISTS (SELECT FROM pg_constraint AS k WHERE k.contypid = t.oid))
    OR t.typtype IN ('b', 'r') AND t.oid >= 16384 AND t.typsubscript IS DISTINCT FROM 'array_subscript_handler'::regproc)
ORDER BY part.name
