{## The type that a column `a` has below all its domains: a SELECT of oid, without its semicolon, for a LATERAL join. -##}
SELECT path.oid FROM (
  WITH RECURSIVE below (oid, depth) AS (
    SELECT a.atttypid, 0
    UNION ALL
    SELECT t.typbasetype, below.depth + 1 FROM below JOIN pg_type AS t ON t.oid = below.oid AND t.typtype = 'd'
  )
  SELECT oid, depth FROM below
) AS path
ORDER BY path.depth DESC LIMIT 1
