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
WHERE oid IN (to_regproc({{ log | literal }}), to_regproc({{ back_log | literal }}), to_regproc({{ sync | literal }}));

{% for relation, logger in [(source, back_log if back else log), (arriving, log if back else back_log)] %}
DO $executor$
DECLARE
  noted text := obj_description(to_regproc({{ logger | literal }}), 'pg_proc');
  state text := pg_temp.executor_log_state({{ relation | literal }}, to_regproc({{ logger | literal }}));
BEGIN
  IF noted IS DISTINCT FROM state{% if back %} AND (
    split_part(noted, ' ', 2) IS DISTINCT FROM split_part(state, ' ', 2) OR EXISTS (
      SELECT FROM pg_temp.swap_functions
      WHERE made IS DISTINCT FROM (SELECT xmin::text FROM pg_description
                                   WHERE classoid = 'pg_class'::regclass AND objoid = {{ old | literal }}::regclass AND objsubid = 0)))
  {%- endif %} THEN
    RAISE EXCEPTION USING
      MESSAGE = format('partitions or columns of %s were changed while the plan ran (GRANT on columns counts, too), or the triggers '
                       'that log what is written to it, or the functions that log and apply it', {{ relation | literal }}::regclass),
      HINT = {% if back %}'What that wrote or took away is in no log. Nothing was swapped; executor run goes forward again, and a rollback after that compares the tables again.'
             {%- else %}'What that wrote or took away is in no log. Nothing was swapped; run the rollback, and then the plan again.'{% endif %};
  END IF;
END
$executor$;
{% endfor %}

-- Everything that is to take a place is there and in working order.
DO $executor$
DECLARE
  missing text;
BEGIN
  SELECT string_agg(format('%s %s', lower(pair.kind), pair.leaving::regclass), ', ' ORDER BY pair.kind, pair.name)
  INTO missing
  FROM pg_temp.swap_pairs AS pair
  LEFT JOIN pg_class AS here ON here.oid = pair.leaving
  LEFT JOIN pg_class AS there ON there.oid = pair.arriving
  LEFT JOIN pg_index AS i ON i.indexrelid = pair.arriving
  WHERE pair.kind <> 'STATISTICS' AND pair.leaving IS NOT NULL{% if back %} AND pair.kind <> 'INDEX'{% endif %}

    AND (there.oid IS NULL OR here.relispopulated AND NOT there.relispopulated OR NOT i.indisvalid);
  IF missing IS NOT NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('%s has nothing ready to take the place of %s', {{ arriving | literal }}::regclass, missing),
      HINT = 'It was created while the plan ran. Nothing was swapped; drop it, or run the rollback and then the plan again.';
  END IF;
END
$executor$;
{% if not back %}

-- An index of the source that came after those of the partitions were built.
{% with item = 0 %}
{% from 'repartition/target/partition_name.sql' import partition with context %}
DO $executor$
DECLARE
  missing text;
BEGIN
  SELECT string_agg(source_name, ', ') INTO missing
  FROM (
{% with relation = partition %}
{% include 'repartition/indexes/wanted.sql' %}
{% endwith %}
  ) AS wanted
  WHERE to_regclass(format('%I.%I', {{ partition.schema | literal }}, wanted.name)) IS NULL;
  IF missing IS NOT NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('the partitions of %s have no index like %s', {{ arriving | literal }}::regclass, missing),
      HINT = 'It was created while the plan ran. Nothing was swapped; drop it, or run the rollback and then the plan again.';
  END IF;
END
$executor$;
{% endwith %}
{% else %}

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
