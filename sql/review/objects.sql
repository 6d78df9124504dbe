-- Which of the relations that a plan names are there before it begins. What is PostgreSQL's own is left
-- out, and so is what the executor keeps itself. Of an index it says the table, which is locked with it, and of a
-- table what its foreign keys refer to.
SELECT
  asked.schema, asked.name, c.relkind::text AS kind,
  t.relname AS index_of, tn.nspname AS index_of_schema,
  coalesce((
    SELECT jsonb_agg(jsonb_build_object('name', f.conname, 'schema', (SELECT nspname FROM pg_namespace WHERE oid = r.relnamespace), 'table', r.relname))
    FROM pg_constraint AS f JOIN pg_class AS r ON r.oid = f.confrelid
    WHERE f.conrelid = c.oid AND f.contype = 'f'), '[]') AS keys,
  greatest((SELECT count(*) FROM pg_partition_tree(c.oid)) - 1, 0) AS children
FROM jsonb_to_recordset({{ {'names': names} | literal }}::jsonb -> 'names') AS asked(schema text, name text)
JOIN pg_namespace AS n ON n.nspname = asked.schema
JOIN pg_class AS c ON c.relnamespace = n.oid AND c.relname = asked.name
LEFT JOIN pg_index AS i ON i.indexrelid = c.oid
LEFT JOIN pg_class AS t ON t.oid = i.indrelid
LEFT JOIN pg_namespace AS tn ON tn.oid = t.relnamespace
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'executor')
ORDER BY asked.schema, asked.name;
