-- One pass: brings the table that is not in use in step with the one that is, by the keys in the log.
DO $executor$
BEGIN
  PERFORM set_config('executor.rows', {{ sync | ident }}()::text, true);
END
$executor$;
