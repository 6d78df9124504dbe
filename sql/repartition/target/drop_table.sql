-- Drops the table that create_table made, but never a row of the application.
-- Lock: ACCESS EXCLUSIVE, so that no row comes in between the look and the drop.
LOCK TABLE {{ source | ident }} IN ACCESS EXCLUSIVE MODE;
DO $executor$
DECLARE
  source regclass := {{ source | literal }};
  used boolean;
BEGIN
  -- A printed script undoes every step, also one that was skipped because there was a table.
  IF obj_description(source, 'pg_class') IS DISTINCT FROM
    {{ ('Created empty by the plan ' ~ plan ~ ' of executor.') | literal }} THEN
    RETURN;
  END IF;
  EXECUTE format('SELECT EXISTS (SELECT FROM %s TABLESAMPLE SYSTEM (100))', source) INTO used;
  IF used THEN
    RAISE EXCEPTION USING
      MESSAGE = format('the table %s was created by this plan, but has rows now; it is not dropped', source),
      HINT = 'Move or delete the rows, or keep the table: clear its comment, and run the rollback again.';
  END IF;
  EXECUTE format('DROP TABLE %s', source);
END
$executor$;
