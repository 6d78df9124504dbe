-- Both tables are still what the steps before made of them: nobody has changed either meanwhile.
{% with keys = true, advice = 'The definition was changed while the plan ran. Nothing was swapped; undo the change, or run the rollback and then the plan again.' %}
{% include 'repartition/way_back/defined_alike.sql' %}
{% endwith %}

-- DDL fires no trigger: what it wrote or took away is in no log. And what a function that was replaced has logged
-- or applied, nobody knows. It counts from the first logged write on; going back, from the comparison of both tables
-- on. If the run had not come to the end of the capture, there was none: then the triggers are to be those from before
-- the swap, and the functions those of the swap, whose transaction the catalog knows of the comment on the old table.
CREATE TEMPORARY TABLE swap_functions ON COMMIT DROP AS
SELECT oid, xmin::text AS made FROM pg_proc
WHERE oid IN (to_regprocedure({{ (log ~ '()') | literal }}), to_regprocedure({{ (back_log ~ '()') | literal }}), to_regprocedure({{ (sync ~ '(boolean, integer, integer)') | literal }}));

{% for relation, logger in [(source, back_log if back else log), (arriving, log if back else back_log)] %}
CALL pg_temp.executor_refuse_unlogged({{ relation | literal }}, {{ (logger ~ '()') | literal }}{% if back %}, replaced => {{ old | literal }}{% endif %});
{% endfor %}
{% include 'repartition/swap/complete.sql' %}
{% if back %}

-- What the table has got since the swap and the comparison has not made on the old one, too.
DO $executor$
DECLARE
  missing text;
BEGIN
  SELECT string_agg(object, ', ' ORDER BY object) INTO missing
  FROM (
{% include 'repartition/way_back/came_since.sql' %}
  ) AS came
  WHERE statement IS NOT NULL;
  IF missing IS NOT NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('%s has nothing like %s, which came since the swap', {{ arriving | literal }}::regclass, missing),
      HINT = 'Nothing was swapped. Drop it; or let executor run go forward again, and the next rollback makes it there, too.';
  END IF;
END
$executor$;
{% endif %}
