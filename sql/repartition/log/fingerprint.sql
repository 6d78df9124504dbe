{## What must not change any more at the table `relation`, as one digest: its partitions and other children, their
    columns, the triggers that call the function `logger`, that function, and the one that applies the log. DDL
    fires no trigger: what it writes or takes away is in no log. xmin tells a trigger that was disabled for a
    while, a column that was rewritten, and a function that was replaced. -##}
(WITH tree AS (
  SELECT {{ relation | literal }}::regclass AS relid
  UNION SELECT relid FROM pg_partition_tree({{ relation | literal }}::regclass)
)
SELECT md5(string_agg(part, E'\n' ORDER BY part)) FROM (
  SELECT concat_ws(' ', 'table', c.oid, c.relkind, c.relpersistence, c.relreplident) AS part
  FROM tree JOIN pg_class AS c ON c.oid = tree.relid
  UNION ALL
  SELECT concat_ws(' ', 'child', inhrelid, inhparent)
  FROM pg_inherits WHERE inhrelid IN (SELECT relid FROM tree) OR inhparent IN (SELECT relid FROM tree)
  UNION ALL
  SELECT concat_ws(' ', 'column', a.attrelid, a.attnum, a.xmin, a.atttypid, a.atttypmod)
  FROM tree JOIN pg_attribute AS a ON a.attrelid = tree.relid AND a.attnum > 0
  UNION ALL
  SELECT concat_ws(' ', 'trigger', t.oid, t.xmin, t.tgenabled)
  FROM tree JOIN pg_trigger AS t ON t.tgrelid = tree.relid AND t.tgfoid = to_regproc({{ logger | literal }})
  UNION ALL
  SELECT concat_ws(' ', 'function', oid, xmin)
  FROM pg_proc WHERE oid IN (to_regproc({{ logger | literal }}), to_regproc({{ sync | literal }}))
) AS parts)