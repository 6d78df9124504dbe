
-- What the new table has and the old one had not goes, then what it lacks comes. Where they agree,
-- nothing is done. A key may be a constraint of the one table, and in the other of each partition:
-- then its comment stays where it is.
CREATE TEMPORARY TABLE swap_arriving ON COMMIT DROP AS SELECT * FROM pg_temp.swap_arriving();
DROP FUNCTION pg_temp.swap_arriving();

DO $executor$
DECLARE
  property record;
BEGIN
  FOR property IN
    SELECT place, statement, undo, on_constraint FROM pg_temp.swap_arriving
    EXCEPT SELECT place, statement, undo, on_constraint FROM pg_temp.swap_properties
    ORDER BY place DESC, statement
  LOOP
    IF property.undo IS NOT NULL AND (property.on_constraint IS NULL OR EXISTS (
      SELECT FROM pg_constraint WHERE conrelid = {{ leaving | literal }}::regclass AND conname = property.on_constraint))
    THEN
      EXECUTE property.undo;
    END IF;
  END LOOP;
  FOR property IN
    SELECT lacking.*
    FROM (
      SELECT place, statement, undo, on_constraint FROM pg_temp.swap_properties
      EXCEPT SELECT place, statement, undo, on_constraint FROM pg_temp.swap_arriving
    ) AS lacking
    ORDER BY place, (SELECT min(p.item) FROM pg_temp.swap_properties AS p WHERE p.statement = lacking.statement), statement
  LOOP
    IF property.on_constraint IS NULL OR EXISTS (
      SELECT FROM pg_constraint WHERE conrelid = {{ source | literal }}::regclass AND conname = property.on_constraint)
    THEN
      EXECUTE property.statement;
    END IF;
  END LOOP;
END
$executor$;
{% with relation = source %}
{% include 'tables/trigger_clones.sql' %}
{% endwith %}

-- Views, rules, functions and policies are bound to a table and not to its name: said again, they are
-- bound to the one that has the name now, and keep owner, grants, comments, defaults and triggers.
DO $executor$
DECLARE
  reader record;
BEGIN
  FOR reader IN SELECT * FROM pg_temp.swap_readers LOOP
    BEGIN
      EXECUTE reader.statement;
    EXCEPTION WHEN others THEN
      RAISE EXCEPTION USING
        ERRCODE = SQLSTATE,
        MESSAGE = format('the %s can''t be bound to %s: %s', reader.name, {{ arriving | literal }}, SQLERRM),
        HINT = 'Nothing was swapped. Change or drop it, and run again.';
    END;
  END LOOP;
END
$executor$;
