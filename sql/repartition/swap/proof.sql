
-- Nothing but its own parts may depend on what has left: it would read or write the wrong table.
DO $executor$
DECLARE
  left_behind text := pg_temp.executor_left_behind();
BEGIN
  IF left_behind IS NOT NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('still bound to the table that leaves, %s: %s', {{ leaving | literal }}::regclass, left_behind),
      HINT = 'Nothing was swapped. Drop it, or let the plan give it up by name (accept).';
  END IF;
END
$executor$;
