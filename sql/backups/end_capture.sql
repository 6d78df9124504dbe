-- Ends the log for the way back in the next partition of the table in use, and says how many are left.
-- Lock: ACCESS EXCLUSIVE on that partition, for an instant, and given up after lock_timeout.
SET LOCAL lock_timeout = '200ms';

DO $executor$
DECLARE
  item record;
BEGIN
  FOR item IN
    SELECT tgname, tgrelid::regclass AS relation
    FROM pg_trigger
    WHERE tgfoid = to_regprocedure({{ capture | literal }})
      AND tgrelid = (SELECT min(t.tgrelid) FROM pg_trigger AS t WHERE t.tgfoid = to_regprocedure({{ capture | literal }}))
  LOOP
    EXECUTE format('DROP TRIGGER %I ON %s', item.tgname, item.relation);
  END LOOP;
END
$executor$;

SELECT count(DISTINCT tgrelid) AS left FROM pg_trigger WHERE tgfoid = to_regprocedure({{ capture | literal }});
