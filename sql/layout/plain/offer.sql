{## What is to be said for one table without partitions, written anew: one row for init/offers.sql. -##}
SELECT
  'plain' AS layout,
  'plain' AS spec,
  CASE WHEN {{ (wanted is not none or measure is not none) | literal }} THEN 'plain has no partitions, and so takes neither a column nor a number' END AS refused,
  '[]'::jsonb AS divided_by,
  'all' AS uniqueness,
  'all' AS finds,
  1 AS partitions,
  tab.bytes AS each_bytes,
  'one table without partitions, written anew' AS what,
  json_build_object('layout', 'plain', 'key_column', tab.first_column) AS variables,
  'chunks_100_partitions.yaml' AS extends,
  true AS copies,
  CASE WHEN tab.outgrown IS NOT NULL THEN 90 WHEN {{ changes | literal }} THEN 10 ELSE 0 END AS points,
  CASE WHEN tab.outgrown IS NULL AND {{ changes | literal }} THEN 'The table is written anew while it is in use, with other types, and stays one table.'
    WHEN tab.outgrown IS NULL THEN 'To have no partitions any more, or to write the table anew, without what is dead in it.'
    ELSE format('%1$s is %2$s, and %3$s %% of its numbers are used: when they are, every INSERT fails. The new table has it as bigint, and '
      'all else stays as it is; the columns of other tables that refer to it are to be changed, too, before that. Partitions can be had in '
      'the same copy: --layout ... --column %1$s:bigint.', tab.outgrown_quoted, tab.outgrown_type, round(100 * tab.outgrown_used)) END AS reason
FROM tab
