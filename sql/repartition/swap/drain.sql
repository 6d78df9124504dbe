
-- Nobody can write now. What was written since the last pass is applied and compared, and then both
-- tables are equal: all else was compared before, in a snapshot, and its key has not been in the log since.
DO $executor$
BEGIN
  IF EXISTS (
    SELECT FROM pg_temp.swap_functions AS before LEFT JOIN pg_proc AS p ON p.oid = before.oid
    WHERE p.xmin::text IS DISTINCT FROM before.made)
  THEN
    RAISE EXCEPTION USING ERRCODE = 'EX002', MESSAGE = 'the functions that log and apply what is written were changed at this very moment';
  END IF;
{% include 'repartition/swap/few_rows_left.sql' %}
  PERFORM {{ sync | ident }}(true, 0, 1);
  IF EXISTS (SELECT FROM {{ keys | ident }}) THEN
    RAISE EXCEPTION 'the log % is not empty after it was applied under the lock', {{ keys | literal }};
  END IF;
END
$executor$;

{% include 'repartition/swap/clock.sql' %}
