-- One pass: brings the table that is not in use in step with the one that is, by the keys in the log. With
-- many of them it takes one partition's in turn: a pass that takes long could fail again and again, because
-- a row that it inserts refers to one that was deleted meanwhile.
DO $executor$
DECLARE
  many boolean := (SELECT count(*) > 2000 FROM (
    SELECT FROM {% if pass %}{{ log | ident }}{% else %}pg_class WHERE false{% endif %} LIMIT 2001) AS entry);
BEGIN
  PERFORM set_config('executor.rows',
    {{ sync | ident }}('pass', CASE WHEN many THEN {{ pass % partition_count }} END)::text, true);
END
$executor$;
