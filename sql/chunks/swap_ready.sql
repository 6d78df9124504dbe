
{% include 'chunks/swap_arriving.sql' %}
{% include 'chunks/swap_left_behind.sql' %}

-- What is asked under the lock is planned before it, and what the changes above have made obsolete anew.
-- What is written now is applied at once, and compared once nobody can write; the second time takes what
-- was written during the first.
DO $executor$
BEGIN
  PERFORM FROM pg_temp.swap_arriving();
  PERFORM pg_temp.swap_left_behind();
  PERFORM {{ sync | ident }}('plan');
{% include 'chunks/swap_rows.sql' %}
  FOR time IN 1..2 LOOP
    BEGIN
      PERFORM {{ sync | ident }}('ahead');
    EXCEPTION WHEN integrity_constraint_violation THEN
      EXIT;  -- half of somebody's change can be seen: it has to wait for the lock
    END;
  END LOOP;
END
$executor$;

{% include 'chunks/swap_snapshots.sql' %}
