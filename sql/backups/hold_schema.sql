{## Lets nobody rename the schema `schema` to the end of the transaction: its owner could give its name to another
    one, with other tables in it, between two statements. Only a superuser can do that, who has most to lose. -##}
DO $executor$
BEGIN
  IF current_setting('transaction_read_only') = 'off' AND (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
    PERFORM FROM pg_namespace WHERE nspname = {{ schema | literal }} FOR KEY SHARE;
  END IF;
END
$executor$;
