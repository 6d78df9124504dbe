
-- Nobody can write now: what is equal here stays equal. Every column of every row is compared.
DO $executor$
DECLARE
  source regclass := {{ source | literal }};
  arriving regclass := {{ arriving | literal }};
  hash text := {% include 'chunks/swap_hash.sql' %};
  content text := 'SELECT count(*) AS rows, sum(%s) AS digest FROM %s AS r';
  here record;
  there record;
BEGIN
  EXECUTE format(content, hash, source) INTO here;
  EXECUTE format(content, hash, arriving) INTO there;
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
