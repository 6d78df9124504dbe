-- Writes down the foreign keys of the old table, before they are dropped one by one.
-- Lock: SHARE UPDATE EXCLUSIVE on the old table, which nobody uses.
DO $executor$
DECLARE
  old regclass := {{ old | literal }};
  memory jsonb := ({% with relation = old %}{% include 'chunks/memory.sql' %}{% endwith %});
  keys jsonb;
BEGIN
  IF memory IS NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('the comment of %s has been changed, and with it the note that a rollback needs is gone', old),
      HINT = 'Restore the comment that the swap has written, and run again.';
  END IF;
  SELECT coalesce(jsonb_agg(jsonb_build_object(
      'table', c.conrelid::regclass::text, 'name', c.conname,
      'definition', pg_get_constraintdef(c.oid), 'comment', obj_description(c.oid, 'pg_constraint')) ORDER BY c.oid), '[]')
  INTO keys
  FROM pg_constraint AS c
  WHERE c.contype = 'f' AND c.conparentid = 0
    AND c.conrelid IN (SELECT old UNION SELECT relid FROM pg_partition_tree(old));
  EXECUTE format('COMMENT ON TABLE %s IS %L', old,
    split_part(obj_description(old, 'pg_class'), E'\n{', 1) || E'\n' || (memory || jsonb_build_object('foreign_keys', keys)));
END
$executor$;
