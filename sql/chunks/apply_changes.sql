-- One pass: brings the table that is not in use in step with the one that is, by the keys in the log. With
-- many of them it takes one partition's in turn, so that nobody waits for long who deletes a row that it
-- refers to, and so that little is done again if such a delete was first.
DO $executor$
DECLARE
  many boolean := (SELECT count(*) > 2000 FROM (
    SELECT FROM {% if pass %}{{ log | ident }}{% else %}pg_class WHERE false{% endif %} LIMIT 2001) AS entry);
BEGIN
  PERFORM set_config('executor.rows',
    {{ sync | ident }}(true, CASE WHEN many THEN {{ pass % partition_count }} END)::text, true);
END
$executor$;
