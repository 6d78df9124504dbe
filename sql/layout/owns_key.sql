{## Whether the column partition_key of the table is none of the application's but an earlier run's, by what filled or checked
    it: an expression. -##}
EXISTS (
  SELECT FROM pg_attribute AS key
  WHERE key.attrelid = to_regclass({{ source | literal }}) AND key.attname = 'partition_key' AND NOT key.attisdropped AND key.atttypid = 'integer'::regtype
    AND (EXISTS (
        SELECT FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid
        WHERE t.tgrelid = key.attrelid AND t.tgname = 'zz_partition_key' AND p.pronamespace = to_regnamespace(quote_ident({{ source.schema | literal }}))
          AND p.proname IN ({% include 'layout/own_fillers.sql' %}))
      OR EXISTS (
        SELECT FROM pg_constraint AS c
        WHERE c.conrelid = key.attrelid AND c.conname = 'partition_key_check' AND c.contype = 'c'
          AND pg_get_expr(c.conbin, c.conrelid) ~ '^\(partition_key = abs\(\(hashtext\(\(?[^()]+\)?(::text)?\) % [0-9]+\)\)\)$')))