{## Whether a table was rebuilt. -##}
SELECT EXISTS (
  SELECT FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE n.nspname = {{ table.schema | literal }} AND c.relname = {{ table.name | literal }} AND c.relkind IN ('r', 'p'))
