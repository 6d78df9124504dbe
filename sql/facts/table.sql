-- The table itself: its owner, its form, and its tablespace; a partitioned table without one takes that of its
-- first partition.
SELECT
  n.nspname AS schema,
  c.relname AS name,
  c.relowner::regrole::text AS owner_sql,
  c.relkind = 'p' AS partitioned,
  pg_get_partkeydef(c.oid) AS partition_by_sql,
  (SELECT t.spcname
   FROM pg_class AS part
   JOIN pg_tablespace AS t ON t.oid = part.reltablespace
   WHERE part.oid IN (
{% include 'facts/fragments/tree.sql' %}
  )
   ORDER BY part.oid <> c.oid, part.oid LIMIT 1) AS tablespace
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.oid = to_regclass({{ source | literal }})
