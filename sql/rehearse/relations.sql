-- What is there before a run: locks on what has such a name are locks that others would meet.
SELECT n.nspname::text AS schema, c.relname::text AS name
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'm', 'v', 'S') AND c.oid >= 16384 AND n.nspname <> 'executor'
