{## What reads the table that leaves, written down. A view that came, or that was replaced, since it was asked what is in it
    would be said again all the same; so it is asked afterwards, under locks, and is then to be what was written down. -##}
CREATE TEMPORARY TABLE swap_readers ON COMMIT DROP AS
{% include 'chunks/swap_reading.sql' %};

{% include 'chunks/no_foreign_sync.sql' %}

DO $executor$
DECLARE
  changed text;
BEGIN
  SELECT string_agg(name, ', ') INTO changed
  FROM (
    SELECT name, statement FROM pg_temp.swap_readers
    EXCEPT SELECT name, statement FROM (
{% include 'chunks/swap_reading.sql' %}
    ) AS now
  ) AS reader;
  IF changed IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'EX002', MESSAGE = format('changed or dropped at this very moment: %s', changed);
  END IF;
END
$executor$;
