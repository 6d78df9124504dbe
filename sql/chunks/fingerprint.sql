{## What must not change from the first logged write to the swap, as one digest: the partitions of the table,
    their columns, and the triggers that log. DDL fires no trigger: what it writes or takes away is in no
    log. xmin tells a trigger that was disabled for a while, and a column that was rewritten. -##}
(WITH tree AS (
  SELECT {{ source | literal }}::regclass AS relid, NULL::regclass AS parentrelid
  UNION SELECT relid, parentrelid FROM pg_partition_tree({{ source | literal }}::regclass)
    WHERE relid <> {{ source | literal }}::regclass
)
SELECT md5(string_agg(part, E'\n' ORDER BY part)) FROM (
  SELECT concat_ws(' ', 'table', relid::oid, parentrelid::oid) AS part FROM tree
  UNION ALL
  SELECT concat_ws(' ', 'column', a.attrelid, a.attnum, a.xmin, a.atttypid, a.atttypmod)
  FROM tree JOIN pg_attribute AS a ON a.attrelid = tree.relid AND a.attnum > 0
  UNION ALL
  SELECT concat_ws(' ', 'trigger', t.oid, t.xmin, t.tgenabled)
  FROM tree JOIN pg_trigger AS t ON t.tgrelid = tree.relid AND t.tgfoid = to_regproc({{ log | literal }})
) AS parts)