-- The tables that some roles own.
SELECT n.nspname::text AS schema, c.relname::text AS name
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND pg_get_userbyid(c.relowner) = ANY ({{ owners | literal }}::text[])
ORDER BY 1, 2
