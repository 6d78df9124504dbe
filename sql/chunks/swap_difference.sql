-- The usual reason to refuse is told before any lock is taken: how many rows differ by now.
DO $executor$
DECLARE
  source regclass := {{ source | literal }};
  arriving regclass := {{ arriving | literal }};
  hash text := {% include 'chunks/swap_hash.sql' %};
  is_equal boolean;
  only_in text := 'SELECT count(*) FROM (SELECT %1$s FROM %2$s AS r EXCEPT ALL SELECT %1$s FROM %3$s AS r) AS difference';
  only_here bigint;
  only_there bigint;
BEGIN
  EXECUTE format('SELECT (SELECT ROW(count(*), sum(%1$s)) FROM %2$s AS r) IS NOT DISTINCT FROM '
                 '(SELECT ROW(count(*), sum(%1$s)) FROM %3$s AS r)', hash, source, arriving) INTO is_equal;
  IF is_equal THEN
    RETURN;
  END IF;
  EXECUTE format(only_in, hash, source, arriving) INTO only_here;
  EXECUTE format(only_in, hash, arriving, source) INTO only_there;
  RAISE EXCEPTION USING
    MESSAGE = format('going back to %s would lose writes made after the swap: it lacks %s rows of %s as they are now, '
                     'and has %s rows that were changed or deleted there', arriving, only_here, source, only_there),
    HINT = 'Nothing was changed. Stop the writers, bring both tables into step, and run the rollback again.';
END
$executor$;
