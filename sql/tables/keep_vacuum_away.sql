{## Locks the tables `first` and `second` (or none) against autovacuum and changes of their definition. Readers and
    writers notice neither this lock nor the wait for it. Asked for at once, a stronger lock would have
    them queue behind it until the server ends the autovacuum, which it does after deadlock_timeout. -##}
DO $executor$
BEGIN
  PERFORM set_config('executor.lock_timeout', current_setting('lock_timeout'), true);
  PERFORM set_config('lock_timeout', '10s', true);
END
$executor$;

LOCK TABLE {{ first | ident }}{% if second %}, {{ second | ident }}{% endif %} IN SHARE UPDATE EXCLUSIVE MODE;

DO $executor$
BEGIN
  PERFORM set_config('lock_timeout', current_setting('executor.lock_timeout'), true);
END
$executor$;
