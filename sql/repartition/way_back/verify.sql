-- Brings the old table in step with the table in use, by the log for the way back, and proves that both are
-- equal but for what is written meanwhile: every column of every row, in one snapshot.
-- Lock: SHARE UPDATE EXCLUSIVE on both tables if their owner is not trusted; SHARE ROW EXCLUSIVE on the old one and its
-- partitions, and ACCESS EXCLUSIVE where it gets a key that came since, but nobody uses it.
{% with written = [], read = [source, old, back_log], called = [sync ~ '(boolean, integer, integer)'] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}

{% with left = source, right = old, without = none %}
{% include 'tables/steady.sql' %}
{% endwith %}

{% with arriving = old, keys = false, advice = 'Nothing was changed. Drop what one of them has alone (DROP COLUMN, DROP CONSTRAINT), or give it to the other one, too (ADD COLUMN, SET DEFAULT, SET NOT NULL, ADD CONSTRAINT), and roll back again.' %}
{% include 'repartition/way_back/defined_alike.sql' %}
{% endwith %}

-- What reaches the old table by other ways than the log, from here on and with its foreign keys, is logged, too.
{% with keys = back_log, logger = log, aside = true %}
{% include 'repartition/log/create.sql' %}
{% endwith %}

{% for table in facts.tree %}
{% with schema = table.schema, name = old.name if loop.first else table.name, logger = log %}
{% include 'repartition/log/create_triggers.sql' %}
{% endwith %}
{% endfor %}

-- Made anew, for columns that both tables were given since.
{% with replaces = true, keys = back_log, here = source, there = old, back = true, columns = now.columns %}
{% include 'repartition/log/create_sync.sql' %}
{% endwith %}

{% from 'repartition/way_back/given_up.sql' import numbers with context %}
DO {% set body %}

DECLARE
  here record;
  there record;
BEGIN
  -- Before the old table has its foreign keys again. If its owner is not trusted, a trigger that came since the
  -- snapshot would not be seen; then the step that gives it the keys does this.
  IF current_setting('executor.trusts')::boolean THEN
    PERFORM {{ sync | ident }}(true, 0, 1);
  END IF;
{% for table, side in [(source, 'here'), (old, 'there')] %}
{% with columns = now.columns, of_source = side == 'there' %}
  SELECT count(*) AS rows, sum({% include 'tables/row_hash.sql' %}) AS digest INTO {{ side | ident }}
  FROM (
    SELECT r.* FROM {{ table | ident }} AS r NATURAL LEFT JOIN (SELECT DISTINCT *, true AS executor_logged FROM {{ back_log | ident }}) AS logged
    WHERE executor_logged IS NULL{% if numbers and side == 'there' %} AND NOT {% with alias = 'r' %}{% include 'layout/' ~ layout ~ '/in_missing.sql' %}{% endwith %}{% endif %}

  ) AS r;
{% endwith %}
{% endfor %}
  IF here IS DISTINCT FROM there THEN
    RAISE EXCEPTION USING
      MESSAGE = format('%s (%s rows) and %s (%s rows) differ in more than what was logged since the swap',
                       {{ source | string | literal }}, here.rows, {{ old | string | literal }}, there.rows),
      HINT = {{ ('Nothing was changed. Something has written to the old table, or past the triggers that log; executor verify says where. '
                 'A rollback that gives the log up takes every row as it is in ' ~ source ~ ': executor run, to go forward again, and then executor rollback --accept ' ~ back_log) | literal }};
  END IF;
END
{% endset %}{{ body | dollar_quoted }};

{% for sequence in now.sequences if sequence.is_identity and sequence.column not in facts.sequences | selectattr('is_identity') | map(attribute='column') %}
-- The column has become one of identity since, in both tables: the swap back exchanges their sequences by name.
DO {% set body %}

BEGIN
  EXECUTE format('ALTER SEQUENCE %s RENAME TO %I', pg_get_serial_sequence({{ old | literal }}, {{ sequence.column | literal }}),
    {{ (sequence.name ~ '_old_' ~ timestamp) | short_name | literal }});
END
{% endset %}{{ body | dollar_quoted }};
{% endfor %}

-- What the table has got since the swap is made on the old one while nobody uses it.
DO $executor$
DECLARE
  item record;
BEGIN
  FOR item IN
{% with said = now %}
{% include 'repartition/way_back/came_since.sql' %}
{% endwith %}
  LOOP
    IF item.statement IS NULL THEN
      RAISE WARNING '% will not come along: %', item.object, item.why;
    ELSE
      EXECUTE item.statement;
    END IF;
  END LOOP;
END
$executor$;

-- What is written from now on has to be logged.
{% with logger = back_log, relation = source %}
DO $executor$
DECLARE
  silent text;
BEGIN
  SELECT string_agg(relation::text, ', ' ORDER BY relation) INTO silent
  FROM (
{% include 'repartition/log/silent_tables.sql' %}
  ) AS tables;
  IF silent IS NOT NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('the triggers executor_insert, _update, _delete and _truncate, which log what is written, are not all at work on %s', silent),
      HINT = 'Nothing was changed. Enable them with ALTER TABLE ... ENABLE ALWAYS TRIGGER, or move the rows of a partition that has none and detach it; then roll back again.';
  END IF;
END
$executor$;

{% endwith %}

CALL pg_temp.executor_note_log_state({{ source | literal }}, {{ (back_log ~ '()') | literal }});
CALL pg_temp.executor_note_log_state({{ old | literal }}, {{ (log ~ '()') | literal }});
