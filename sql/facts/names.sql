-- The names that indexes and constraints of the table have, also of those that the new table has not.
SELECT c.relname::text AS name, true AS is_index
FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
WHERE i.indrelid = to_regclass({{ source | literal }})
UNION ALL
SELECT c.conname, false
FROM pg_constraint AS c
WHERE c.conrelid = to_regclass({{ source | literal }}) AND c.contype IN ('c', 'n')
  AND NOT {% include 'layout/is_own_check.sql' %}
ORDER BY 2 DESC, 1
