-- The table and all its partitions; those whose rows are in them are leaves.
SELECT c.relname::text AS name, n.nspname::text AS schema, c.relkind <> 'p' AS is_leaf
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.oid IN (
{% include 'facts/fragments/tree.sql' %}
)
ORDER BY c.oid <> to_regclass({{ source | literal }}), n.nspname, c.relname
