{## What an earlier run's layout has given the table besides: columns of facts/earlier.sql, where `own` says whether there is such. ##}
  own.is_so AS owns_key,
  CASE WHEN own.is_so THEN ARRAY['partition_key'] ELSE '{}' END AS own_columns,
  CASE WHEN own.is_so THEN coalesce((
    SELECT substr(printed.text, length('(partition_key = ') + 1, length(printed.text) - length('(partition_key = ') - 1)
    FROM pg_constraint AS c CROSS JOIN LATERAL (SELECT pg_get_expr(c.conbin, c.conrelid)) AS printed (text)
    WHERE c.conrelid = to_regclass({{ source | literal }}) AND c.conname = 'partition_key_check'
  ), (
    SELECT pg_get_expr(p.partexprs, p.partrelid) FROM pg_partitioned_table AS p WHERE p.partrelid = to_regclass({{ source | literal }})
  )) END AS value_sql,
  (SELECT p.oid::regproc::text FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid
   WHERE own.is_so AND t.tgrelid = to_regclass({{ source | literal }}) AND t.tgname = 'zz_partition_key') AS filler