-- Where pg_stat_statements is, if it can be asked: no row where it is not installed in this database, or where the
-- server has not loaded it, whose settings nobody would see then.
SELECT n.nspname::text AS schema, c.relname::text AS name
FROM pg_extension AS e
JOIN pg_depend AS d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e' AND d.classid = 'pg_class'::regclass
JOIN pg_class AS c ON c.oid = d.objid AND c.relname = 'pg_stat_statements'
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE e.extname = 'pg_stat_statements' AND has_table_privilege(c.oid, 'SELECT') AND has_schema_privilege(n.oid, 'USAGE')
  AND EXISTS (SELECT FROM pg_settings WHERE name = 'pg_stat_statements.max')
