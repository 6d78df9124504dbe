{## What reads the table that leaves is what was written down. -##}
DO $executor$
DECLARE
  changed text;
BEGIN
  SELECT string_agg(name, ', ') INTO changed
  FROM (
    SELECT name, statement FROM pg_temp.swap_readers
    EXCEPT SELECT name, statement FROM (
{% include 'tables/reading.sql' %}
    ) AS now
  ) AS reader;
  IF changed IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'EX002', MESSAGE = format('changed or dropped at this very moment: %s', changed);
  END IF;
END
$executor$;
