-- Gives back the room of what was deleted from a log. Every later look at it would read that, under the lock
-- of the swap, too. Entries that are left are put back. VACUUM would need a moment without writers and
-- without old snapshots. In a transaction that is READ COMMITTED, and its last statement.
-- Lock: ACCESS EXCLUSIVE on the log, so writers of the table wait, for as long as it takes to read the log once
-- (max_lock at most, else it is left) and to write 10,000 entries. Nothing is done if somebody else has it.
CREATE OR REPLACE PROCEDURE pg_temp.executor_shorten_logs() LANGUAGE plpgsql AS $executor$
DECLARE
  began timestamptz;
  few boolean;
BEGIN
{% for keys in [log, back_log] %}
  IF pg_relation_size(to_regclass({{ keys | literal }})) >= 8 * 1024 * 1024 THEN
    began := clock_timestamp();
    SELECT count(*) <= 10000 INTO few FROM (SELECT FROM {{ keys | ident }} LIMIT 10001) AS entry;
    IF few AND clock_timestamp() - began <= {{ max_lock | literal }} THEN
      BEGIN
        LOCK TABLE {{ keys | ident }} IN ACCESS EXCLUSIVE MODE NOWAIT;
        CREATE TEMPORARY TABLE executor_left AS SELECT * FROM {{ keys | ident }} LIMIT 10001;
        IF (SELECT count(*) FROM pg_temp.executor_left) > 10000 THEN
          RAISE lock_not_available;  -- many came since they were counted
        END IF;
        TRUNCATE {{ keys | ident }};
        INSERT INTO {{ keys | ident }} TABLE pg_temp.executor_left;
        DROP TABLE pg_temp.executor_left;
      EXCEPTION WHEN lock_not_available THEN
        NULL;  -- the next pass tries again
      END;
    END IF;
  END IF;
{% endfor %}
END
$executor$;

-- Refuses to go on where code of other roles would run by the function that applies the log in use. It writes to the
-- table that is not in use, and takes what it applies out of a log.
CREATE OR REPLACE PROCEDURE pg_temp.executor_refuse_foreign_sync() LANGUAGE plpgsql AS $executor$
BEGIN
  {% with written = [target, old, log, back_log], read = [source], called = [sync ~ '(boolean, integer, integer)'] %}{% include 'security/no_foreign_code.sql' %}{% endwith %}

END
$executor$;

-- Whether a table has more rows than so many. To plan the query is enough to run what its owner has put into an index; and
-- a view can't be sampled: were it one by now, its functions would run.
CREATE OR REPLACE FUNCTION pg_temp.executor_has_more(asked text, than bigint) RETURNS boolean LANGUAGE plpgsql AS $executor$
DECLARE
  found boolean;
BEGIN
  CALL pg_temp.executor_refuse_foreign_code(reads => ARRAY[asked]);
  EXECUTE format('SELECT count(*) > %s FROM (SELECT FROM %s TABLESAMPLE SYSTEM (100) LIMIT %1$s + 1) AS entry', than, asked::regclass) INTO found;
  RETURN found;
END
$executor$;

-- Shows a warning, if there is one.
CREATE OR REPLACE FUNCTION pg_temp.executor_warn(warning text) RETURNS void LANGUAGE plpgsql AS $executor$
BEGIN
  IF warning IS NOT NULL THEN
    RAISE WARNING '%', warning;
  END IF;
END
$executor$;

-- What must not change any more at a table whose writes are logged, as two digests: its partitions and other children,
-- their columns, the triggers that call the function `logger`, that function, and the one that applies the log; and of
-- these the children and triggers alone, which a swap leaves as they are. DDL fires no trigger: what it writes or takes
-- away is in no log. xmin tells a trigger that was disabled for a while, a column that was rewritten, and a function
-- that was replaced.
CREATE OR REPLACE FUNCTION pg_temp.executor_log_state(logged regclass, logger regprocedure) RETURNS text LANGUAGE sql AS $executor$
WITH tree AS (
  SELECT logged AS relid UNION SELECT relid FROM pg_partition_tree(logged)
)
SELECT md5(string_agg(part, ', ' ORDER BY part)) || ' ' || md5(string_agg(part, ', ' ORDER BY part) FILTER (WHERE lasts))
FROM (
  SELECT concat_ws(' ', 'table', c.oid, c.relkind, c.relpersistence, c.relreplident) AS part, false AS lasts
  FROM tree JOIN pg_class AS c ON c.oid = tree.relid
  UNION ALL
  SELECT concat_ws(' ', 'child', inhrelid, inhparent), true
  FROM pg_inherits WHERE inhrelid IN (SELECT relid FROM tree) OR inhparent IN (SELECT relid FROM tree)
  UNION ALL
  SELECT concat_ws(' ', 'column', a.attrelid, a.attnum, a.xmin, a.atttypid, a.atttypmod), false
  FROM tree JOIN pg_attribute AS a ON a.attrelid = tree.relid AND a.attnum > 0
  UNION ALL
  SELECT concat_ws(' ', 'trigger', t.oid, t.tgrelid, t.xmin, t.tgenabled), true
  FROM tree JOIN pg_trigger AS t ON t.tgrelid = tree.relid AND t.tgfoid = logger
  UNION ALL
  SELECT concat_ws(' ', 'function', oid, xmin), false
  FROM pg_proc WHERE oid IN (logger, to_regprocedure({{ (sync ~ '(boolean, integer, integer)') | literal }}))
) AS parts
$executor$;

-- Writes down what logs the writes of a table, as the comment of the function that does.
CREATE OR REPLACE PROCEDURE pg_temp.executor_note_log_state(logged regclass, logger regprocedure) LANGUAGE plpgsql AS $executor$
BEGIN
  EXECUTE format('COMMENT ON FUNCTION %s IS %L', logger, pg_temp.executor_log_state(logged, logger));
END
$executor$;

-- Refuses to go on if what logs the writes of a table is not as it was written down. Going back, where the tables were
-- not compared since the swap: if the triggers are not those from before the swap, or the functions not those of it,
-- whose transaction the catalog knows of the comment on the table that it has `replaced`.
CREATE OR REPLACE PROCEDURE pg_temp.executor_refuse_unlogged(logged regclass, logger text, replaced regclass DEFAULT NULL)
LANGUAGE plpgsql AS $executor$
DECLARE
  noted text := obj_description(to_regprocedure(logger), 'pg_proc');
  state text := pg_temp.executor_log_state(logged, to_regprocedure(logger));
BEGIN
  IF noted = state  -- null if the function is gone
    OR replaced IS NOT NULL AND split_part(noted, ' ', 2) = split_part(state, ' ', 2) AND NOT EXISTS (
      SELECT FROM pg_proc AS p
      WHERE p.oid IN (to_regprocedure({{ (log ~ '()') | literal }}), to_regprocedure({{ (back_log ~ '()') | literal }}), to_regprocedure({{ (sync ~ '(boolean, integer, integer)') | literal }}))
        AND p.xmin IS DISTINCT FROM (SELECT d.xmin FROM pg_description AS d
                                     WHERE d.classoid = 'pg_class'::regclass AND d.objoid = replaced AND d.objsubid = 0))
  THEN
    RETURN;
  END IF;
  RAISE EXCEPTION USING
    MESSAGE = format('partitions or columns of %s were changed while the plan ran (GRANT on columns counts, too), or the triggers '
                     'that log what is written to it, or the functions that log and apply it', logged),
    HINT = 'What that wrote or took away is in no log. Nothing was swapped; ' || CASE WHEN replaced IS NULL
      THEN 'run the rollback, and then the plan again.'
      ELSE 'executor run goes forward again, and a rollback after that compares the tables again.' END;
END
$executor$;
