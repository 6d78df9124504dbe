{## The materialized views that read the table {{ source }}, directly or through one another, and the
    name of the twin of each: a SELECT without its semicolon; `ending` is what the twin's name ends in.
    A view in between is not in the way: it is re-pointed and stays the same object. A name over 63
    bytes is cut, and a digest in front keeps cut names apart. -##}
SELECT
  built.depth,
  c.oid AS view,
  n.nspname AS schema,
  c.relname AS name,
  CASE WHEN octet_length(long.name) > 63
    THEN (left(md5(long.name), 8) || '_' || long.name)::name ELSE long.name::name END AS twin
FROM (
  WITH RECURSIVE reader (oid, depth) AS (
    SELECT {{ source | literal }}::regclass::oid, 0
    UNION
    SELECT r.ev_class, reader.depth + 1
    FROM reader
    JOIN pg_depend AS d
      ON d.refclassid = 'pg_class'::regclass AND d.refobjid = reader.oid
      AND d.classid = 'pg_rewrite'::regclass AND d.deptype = 'n'
    JOIN pg_rewrite AS r ON r.oid = d.objid AND r.ev_class <> reader.oid
    JOIN pg_class AS m ON m.oid = r.ev_class AND m.relkind = 'm'
  )
  SELECT oid, max(depth) AS depth FROM reader WHERE depth > 0 GROUP BY oid
) AS built
JOIN pg_class AS c ON c.oid = built.oid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (SELECT c.relname || {{ ending | literal }}) AS long (name)
