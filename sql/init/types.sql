-- What is wrong with the types that columns are to have: one that is none, or that the column has already.
SELECT
  given.name, given.type,
  CASE
    WHEN to_regtype(given.type) IS NULL THEN 'PostgreSQL knows no such type; write one of your own with its schema'
    WHEN format_type(to_regtype(given.type), NULL) = format_type(a.atttypid, a.atttypmod) THEN 'that is the type that it has'
    WHEN a.attgenerated <> '' THEN 'a generated column has the type of its expression'
    WHEN NOT {% include 'tables/comparable.sql' %} AND (
      EXISTS (SELECT FROM pg_index AS i WHERE i.indrelid = a.attrelid AND i.indisprimary AND a.attnum = ANY (i.indkey::int2[]))
      OR EXISTS (SELECT FROM pg_constraint AS f WHERE f.contype = 'f' AND (
        f.confrelid = a.attrelid AND a.attnum = ANY (f.confkey) OR f.conrelid = a.attrelid AND a.attnum = ANY (f.conkey))))
      THEN format('it is of a key, and PostgreSQL does not compare %s with %s', format_type(change.type_oid, NULL), format_type(a.atttypid, NULL))
  END AS refused
FROM jsonb_to_recordset({{ {'of': columns} | literal }}::jsonb -> 'of') AS given (name text, type text)
CROSS JOIN LATERAL (SELECT to_regtype(given.type)::oid AS type_oid) AS change
LEFT JOIN pg_attribute AS a ON a.attrelid = to_regclass({{ source | literal }}) AND a.attname = given.name
