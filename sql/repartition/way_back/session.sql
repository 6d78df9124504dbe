-- Refuses to go on without the old table if it is there under another name: it is still bound to what it refers to.
{% from 'repartition/way_back/marks.sql' import of_old with context %}
CREATE OR REPLACE PROCEDURE pg_temp.executor_refuse_renamed() LANGUAGE plpgsql AS $executor$
DECLARE
  present text;
BEGIN
  SELECT found.now INTO present FROM (
{% with tables = [(old, of_old)] %}
{% include 'repartition/way_back/find.sql' %}
{% endwith %}
  ) AS found;
  IF present IS NOT NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('%s was renamed by somebody: it is %s now', {{ old | string | literal }}, present),
      HINT = format('Nothing was changed. Give it its name and its schema again (ALTER TABLE %s RENAME TO ..., SET SCHEMA ...).', present);
  END IF;
END
$executor$;
