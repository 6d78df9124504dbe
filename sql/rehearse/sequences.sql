-- The sequences that some tables' columns use, and how far they have come, as far as the role may know.
SELECT DISTINCT s.schemaname::text AS schema, s.sequencename::text AS name, s.last_value::bigint AS value
FROM pg_sequences AS s
JOIN pg_namespace AS n ON n.nspname = s.schemaname
JOIN pg_class AS c ON c.relnamespace = n.oid AND c.relname = s.sequencename
WHERE s.last_value IS NOT NULL AND c.oid IN (
  SELECT d.objid FROM pg_depend AS d
  WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
    AND d.refobjid = ANY ({{ tables | literal }}::bigint[]::oid[])
  UNION
  SELECT d.refobjid FROM pg_attrdef AS a
  JOIN pg_depend AS d ON d.classid = 'pg_attrdef'::regclass AND d.objid = a.oid AND d.refclassid = 'pg_class'::regclass
  WHERE a.adrelid = ANY ({{ tables | literal }}::bigint[]::oid[]))
ORDER BY 1, 2
