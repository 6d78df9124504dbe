
-- Nobody can write now: what is equal here stays equal. Every column of every row, as sums of two
-- 64-bit hashes.
DO $executor$
DECLARE
  source regclass := {{ source | literal }};
  arriving regclass := {{ arriving | literal }};
  columns text;
  content text := 'SELECT count(*) AS rows, sum(hashtextextended(line, 0)) AS first, sum(hashtextextended(line, 1)) AS second '
    'FROM %s AS r CROSS JOIN LATERAL (SELECT ROW(%s)::text OFFSET 0) AS whole (line)';
  here record;
  there record;
BEGIN
  SELECT string_agg(format('r.%I', attname), ', ' ORDER BY attnum) INTO columns
  FROM pg_attribute
  WHERE attrelid = source AND attnum > 0 AND NOT attisdropped AND attname <> 'partition_key';
  EXECUTE format(content, source, columns) INTO here;
  EXECUTE format(content, arriving, columns) INTO there;
  IF here IS DISTINCT FROM there THEN
    RAISE EXCEPTION USING
{% if back %}
      MESSAGE = format('rows of %s (%s rows) were written after the swap, and %s (%s rows) has not got them',
                       source, here.rows, arriving, there.rows),
      HINT = 'Nothing was changed: going back would lose them. Stop the writers, bring both tables into step, and run the rollback again.';
{% else %}
      MESSAGE = format('rows of %s (%s rows) were written during the migration, and %s (%s rows) has not got them',
                       source, here.rows, arriving, there.rows),
      HINT = 'Nothing was swapped. Stop the writers, run the rollback, then the plan again.';
{% endif %}
  END IF;
END
$executor$;
