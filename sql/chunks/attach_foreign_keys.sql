-- The foreign keys of the new table as a whole that follow a delete. It adopts the equal, validated keys of its
-- partitions, so no row is read again.
-- Lock: ACCESS EXCLUSIVE on the referenced tables, whose triggers for the partitions are joined; short, and
-- given up after lock_timeout.
DO $executor$
DECLARE
  source regclass := {{ source | literal }};
  target regclass := {{ target | literal }};
  key record;
BEGIN
  FOR key IN
    SELECT
      s.conname,
      -- as it is on a partition, where it is validated even if it was not on the source
      pg_get_constraintdef(coalesce(p.oid, s.oid)) AS definition,
      obj_description(s.oid, 'pg_constraint') AS comment
    FROM pg_constraint AS s
    LEFT JOIN pg_constraint AS p
      ON p.conname = s.conname AND p.contype = 'f' AND p.conparentid = 0
      AND p.conrelid = (SELECT min(inhrelid) FROM pg_inherits WHERE inhparent = target)
    WHERE s.conrelid = source AND s.contype = 'f' AND s.conparentid = 0 AND s.confrelid <> s.conrelid
      AND (s.confdeltype NOT IN ('a', 'r') OR to_jsonb(s) ->> 'conenforced' = 'false')
    ORDER BY s.conname
  LOOP
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I %s', target, key.conname, key.definition);
    IF key.comment IS NOT NULL THEN
      EXECUTE format('COMMENT ON CONSTRAINT %I ON %s IS %L', key.conname, target, key.comment);
    END IF;
  END LOOP;
END
$executor$;
