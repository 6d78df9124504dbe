-- The sequences of the table's columns: that of an identity column belongs to it alone, others (serial) are merely owned.
SELECT
  c.relname::text AS name,
  n.nspname::text AS schema,
  a.attname::text AS "column",
  d.deptype = 'i' AS is_identity,
  a.attidentity = 'a' AS is_always,
  s.seqtypid::regtype::text AS type_sql,
  will.type::regtype::text AS new_type_sql,
  CASE WHEN s.seqmax = was.most THEN will.most ELSE s.seqmax END AS new_max,
  CASE WHEN s.seqmin = -was.most - 1 THEN -will.most - 1 ELSE s.seqmin END AS new_min,
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
LEFT JOIN (
{% include 'facts/fragments/changed_columns.sql' %}
) AS change ON change.name = a.attname
CROSS JOIN LATERAL (
  SELECT s.seqtypid AS type, CASE s.seqtypid WHEN 'int2'::regtype THEN 32767 WHEN 'int4'::regtype THEN 2147483647 ELSE 9223372036854775807 END AS most
) AS was
CROSS JOIN LATERAL (
  SELECT wide.type, CASE wide.type WHEN 'int2'::regtype THEN 32767 WHEN 'int4'::regtype THEN 2147483647 ELSE 9223372036854775807 END AS most
  FROM (SELECT CASE WHEN change.type_oid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype) THEN change.type_oid ELSE s.seqtypid END) AS wide (type)
) AS will
WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
  AND d.refobjid = to_regclass({{ source | literal }})
ORDER BY a.attnum, d.deptype DESC, n.nspname, c.relname
