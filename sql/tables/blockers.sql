-- Who holds a lock on the table, its partitions, the views on it, the tables that it references or those that refer to it.
-- Locks nothing itself: pg_partition_tree() would wait for the partition that somebody else holds.
WITH RECURSIVE tree(oid) AS (
  SELECT to_regclass({{ source | literal }})::oid
  UNION SELECT i.inhrelid FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.oid
)
SELECT format('pid %s (%s, %s, %s%s)', a.pid, coalesce(nullif(a.application_name, ''), a.usename::text, a.backend_type),
  a.state, 'in a transaction for ' || date_trunc('second', clock_timestamp() - a.xact_start),
  CASE WHEN a.wait_event_type = 'Lock' THEN ', waiting for another lock' END) AS blocker
FROM pg_stat_activity AS a
WHERE a.pid <> pg_backend_pid() AND a.pid IN (
  SELECT l.pid FROM pg_locks AS l
  WHERE l.granted AND l.locktype = 'relation'
    AND l.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
    AND l.relation IN (
      SELECT tree.oid FROM tree
      UNION SELECT f.confrelid FROM pg_constraint AS f
      WHERE f.conrelid IN (SELECT tree.oid FROM tree) AND f.contype = 'f'
      UNION SELECT f.conrelid FROM pg_constraint AS f
      WHERE f.confrelid IN (SELECT tree.oid FROM tree) AND f.contype = 'f'
      UNION SELECT r.ev_class FROM pg_depend AS d JOIN pg_rewrite AS r ON r.oid = d.objid
      WHERE d.classid = 'pg_rewrite'::regclass AND d.refobjid = to_regclass({{ source | literal }})))
UNION ALL
SELECT format('prepared transaction %L', gid) FROM pg_prepared_xacts WHERE database = current_database()
ORDER BY blocker LIMIT 5
