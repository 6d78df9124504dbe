
{% include 'chunks/swap_arriving.sql' %}
{% include 'chunks/swap_left_behind.sql' %}

-- What is asked under the lock is planned before it, and what the changes above have made obsolete anew.
-- What was written since the last pass is applied now, and what is written during that in a second one, so
-- that little is left for the lock.
DO $executor$
BEGIN
  PERFORM FROM pg_temp.swap_arriving();
  PERFORM pg_temp.swap_left_behind();
  PERFORM {{ sync | ident }}(false);
{% include 'chunks/swap_rows.sql' %}
  FOR time IN 1..2 LOOP
    BEGIN
      PERFORM {{ sync | ident }}();
    EXCEPTION WHEN SQLSTATE 'EX002' THEN
      EXIT;  -- what is in the way now will not be under the lock
    END;
  END LOOP;
END
$executor$;

{% include 'chunks/swap_snapshots.sql' %}
