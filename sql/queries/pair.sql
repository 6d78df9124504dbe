{## What stands beside what: whether both tables are there, and have partitions, those of the new one, the columns that only it has, those
    of them that every INSERT has to send, and who asks. One row. Reads the catalogs. -##}
WITH RECURSIVE one (oid) AS (
  SELECT c.oid FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE n.nspname = {{ left.schema | literal }} AND c.relname = {{ left.name | literal }}
), other (oid) AS (
  SELECT c.oid FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE n.nspname = {{ right.schema | literal }} AND c.relname = {{ right.name | literal }}
), tree (oid, leaf) AS (
  SELECT oid, false FROM other
  UNION ALL
  SELECT i.inhrelid, NOT c.relhassubclass
  FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.oid JOIN pg_class AS c ON c.oid = i.inhrelid
), added AS (
  SELECT a.attname::text AS name, a.attnotnull AND NOT a.atthasdef AND a.attidentity = '' AND a.attgenerated = '' AS sent
  FROM other JOIN pg_attribute AS a ON a.attrelid = other.oid AND a.attnum > 0 AND NOT a.attisdropped
  WHERE NOT EXISTS (
    SELECT FROM one JOIN pg_attribute AS b ON b.attrelid = one.oid
    WHERE b.attname = a.attname AND b.attnum > 0 AND NOT b.attisdropped)
)
SELECT
  EXISTS (SELECT FROM one) AS has_left,
  EXISTS (SELECT FROM other) AS has_right,
  session_user::text AS role,
  EXISTS (SELECT FROM one JOIN pg_partitioned_table AS p ON p.partrelid = one.oid) AS left_divided,
  EXISTS (SELECT FROM other JOIN pg_partitioned_table AS p ON p.partrelid = other.oid) AS right_divided,
  ARRAY(SELECT c.relname::text FROM tree JOIN pg_class AS c USING (oid) WHERE tree.leaf ORDER BY 1) AS leaves,
  ARRAY(SELECT name FROM added ORDER BY 1) AS added,
  -- a trigger may fill it
  ARRAY(SELECT name FROM added WHERE sent AND NOT EXISTS (
    SELECT FROM other JOIN pg_trigger AS t ON t.tgrelid = other.oid WHERE NOT t.tgisinternal AND t.tgtype & 7 = 7) ORDER BY 1) AS sent
