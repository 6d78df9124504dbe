-- The sequences of the table's columns: that of an identity column belongs to it alone, others (serial) are merely owned.
SELECT
  c.relname::text AS name,
  n.nspname::text AS schema,
  a.attname::text AS "column",
  d.deptype = 'i' AS is_identity,
  a.attidentity = 'a' AS is_always,
  s.seqtypid::regtype::text AS type_sql,
  s.seqincrement AS increment,
  s.seqmin AS min,
  s.seqmax AS max,
  s.seqstart AS start,
  s.seqcache AS cache,
  s.seqcycle AS cycle
FROM pg_depend AS d
JOIN pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
JOIN pg_sequence AS s ON s.seqrelid = d.objid
JOIN pg_class AS c ON c.oid = s.seqrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
  AND d.refobjid = to_regclass({{ source | literal }})
ORDER BY a.attnum, d.deptype DESC, n.nspname, c.relname
