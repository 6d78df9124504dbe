-- Drops the table that create_table made, but never a row of the application. A printed script undoes every step,
-- also one that was skipped because there was a table.
-- Lock: ACCESS EXCLUSIVE, so that no row comes in between the look and the drop.
LOCK TABLE {{ source | ident }} IN ACCESS EXCLUSIVE MODE;
DO $executor$
BEGIN
  IF obj_description({{ source | literal }}::regclass, 'pg_class') = {{ ('Created empty by the plan ' ~ plan ~ ' of executor.') | literal }} THEN
    IF EXISTS (SELECT FROM {{ source | ident }} TABLESAMPLE SYSTEM (100)) THEN
      RAISE EXCEPTION USING
        MESSAGE = format('the table %s was created by this plan, but has rows now; it is not dropped', {{ source | literal }}::regclass),
        HINT = 'Move or delete the rows, or keep the table: clear its comment, and run the rollback again.';
    END IF;
    DROP TABLE {{ source | ident }};
  END IF;
END
$executor$;
