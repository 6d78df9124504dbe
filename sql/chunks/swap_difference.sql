-- The usual reason to refuse is told without a lock: how many rows differ by now.
DO $executor$
DECLARE
  source regclass := {{ source | literal }};
  arriving regclass := {{ arriving | literal }};
  columns text;
  only_in text := 'SELECT count(*) FROM (SELECT hashtextextended(ROW(%1$s)::text, 0) FROM %2$s AS r '
    'EXCEPT ALL SELECT hashtextextended(ROW(%1$s)::text, 0) FROM %3$s AS r) AS difference';
  only_here bigint;
  only_there bigint;
BEGIN
  SELECT string_agg(format('r.%I', attname), ', ' ORDER BY attnum) INTO columns
  FROM pg_attribute
  WHERE attrelid = arriving AND attnum > 0 AND NOT attisdropped;
  EXECUTE format(only_in, columns, source, arriving) INTO only_here;
  EXECUTE format(only_in, columns, arriving, source) INTO only_there;
  IF only_here + only_there > 0 THEN
    RAISE EXCEPTION USING
      MESSAGE = format('going back to %s would lose writes made after the swap: it lacks %s rows of %s as they are now, '
                       'and has %s rows that were changed or deleted there', arriving, only_here, source, only_there),
      HINT = 'Nothing was changed. Stop the writers, bring both tables into step, and run the rollback again.';
  END IF;
END
$executor$;
