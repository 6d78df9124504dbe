{## The materialized views that read the table, and how deep: a SELECT without its semicolon. -##}
SELECT oid, max(depth) AS depth
FROM (
  WITH RECURSIVE reader (oid, depth) AS (
    SELECT to_regclass({{ source | literal }})::oid, 0
    UNION
    SELECT r.ev_class, reader.depth + 1
    FROM reader
    JOIN pg_depend AS d
      ON d.refclassid = 'pg_class'::regclass AND d.refobjid = reader.oid
      AND d.classid = 'pg_rewrite'::regclass AND d.deptype = 'n'
    JOIN pg_rewrite AS r ON r.oid = d.objid AND r.ev_class <> reader.oid
    JOIN pg_class AS m ON m.oid = r.ev_class AND m.relkind = 'm'
  )
  SELECT oid, depth FROM reader WHERE depth > 0
) AS path
GROUP BY oid
