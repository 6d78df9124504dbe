-- The CHECK constraints, by name.
SELECT
  c.conname AS name,
  pg_get_constraintdef(c.oid) AS definition_sql,
  c.convalidated AS validated,
  obj_description(c.oid, 'pg_constraint') AS comment
FROM pg_constraint AS c
WHERE c.conrelid = to_regclass({{ source | literal }}) AND c.contype = 'c'
  AND NOT {% include 'layout/is_own_check.sql' %}
ORDER BY c.conname
