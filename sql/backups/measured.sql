{## Measures the table executor_measured, for digest.sql: how many rows it has, and a digest of all their columns,
    whatever their order. Each row has one 64-bit hash; it is hashed again, since it is itself a sum over its columns,
    and summed as numeric: that can't overflow, and a doubled row does not cancel out as it does with XOR. A block of
    PL/pgSQL from its DECLARE on. -##}
  hash text;
  content jsonb;
BEGIN
  SELECT format('hash_record_extended(ROW(%s), 0)', string_agg(
{% include 'tables/hashed_columns.sql' %}
    , ', ' ORDER BY a.place)) INTO hash
  FROM (
    SELECT format('r.%I', attname) AS reading, atttypid, row_number() OVER (ORDER BY attnum) AS place
    FROM pg_attribute
    WHERE attrelid = executor_measured AND attnum > 0 AND NOT attisdropped
  ) AS a;
  -- the condition makes it two parts, so that the hash is computed once, below the sums
  EXECUTE format(
    'SELECT jsonb_build_object(''table'', %3$s, ''record_count'', count(*), ''digest'',
       coalesce(sum(hashint8extended(hash, hash)), 0) || '':'' || coalesce(sum(hashint8extended(hash, ~hash)), 0))
     FROM (SELECT %1$s AS hash FROM %2$s AS r UNION ALL SELECT NULL FROM %2$s WHERE false) AS hashed',
    hash, executor_measured, executor_measured::oid) INTO content;
  PERFORM set_config('executor.content', content::text, true);
END
