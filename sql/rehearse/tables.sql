-- The table, and all that it refers to by foreign keys, from table to table. A row each; the table itself comes first.
WITH RECURSIVE source (oid) AS (
  SELECT c.oid FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE n.nspname = {{ source.schema | literal }} AND c.relname = {{ source.name | literal }}
), needed (oid) AS (
  SELECT oid FROM source
  UNION
  SELECT k.confrelid FROM needed JOIN pg_constraint AS k ON k.conrelid = needed.oid
  WHERE k.contype = 'f' AND k.conparentid = 0
), tree (root, oid) AS (
  SELECT oid, oid FROM needed
  UNION ALL
  SELECT tree.root, i.inhrelid FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.oid
), sizes AS (
  SELECT tree.root, sum(CASE WHEN c.relkind = 'p' THEN 0 ELSE greatest(c.reltuples, 0) END)::bigint AS rows, sum(c.relpages)::bigint AS pages,
    sum(pg_total_relation_size(c.oid))::bigint AS bytes
  FROM tree JOIN pg_class AS c USING (oid)
  GROUP BY tree.root
)
SELECT
  c.oid::bigint AS oid,
  n.nspname::text AS schema,
  c.relname::text AS name,
  c.relkind::text AS kind,
  pg_get_userbyid(c.relowner)::text AS owner,
  sizes.rows,
  sizes.pages,
  sizes.bytes,
  ARRAY(
    SELECT a.attname::text FROM pg_attribute AS a
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    ORDER BY a.attnum) AS columns
FROM needed
JOIN pg_class AS c USING (oid)
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN sizes ON sizes.root = c.oid
ORDER BY c.oid IN (SELECT oid FROM source) DESC, 2, 3
