
-- Nobody can write now. What was written since the last pass is applied and compared, and then both
-- tables are equal: all else was compared before, in a snapshot, and no key has been in the log since.
DO $executor$
BEGIN
  IF (SELECT count(*) FROM (SELECT FROM {{ keys | ident }} LIMIT {{ swap_rows }} + 1) AS entry) > {{ swap_rows }} THEN
    RAISE EXCEPTION USING
      ERRCODE = 'EX002',
      MESSAGE = 'more than {{ swap_rows }} keys (swap_rows) were written since the last pass',
      HINT = 'Too many to apply under the lock. When less is written it will do; or raise swap_rows.';
  END IF;
  PERFORM {{ sync | ident }}();
  SET CONSTRAINTS ALL IMMEDIATE;
  IF EXISTS (SELECT FROM {{ keys | ident }}) THEN
    RAISE EXCEPTION 'the log % is not empty after it was applied under the lock', {{ keys | literal }};
  END IF;
END
$executor$;

{% include 'chunks/swap_clock.sql' %}
