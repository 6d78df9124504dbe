{## Locks the tables `first` and `second` (or none) against autovacuum and changes of their definition. Readers and
    writers notice neither this lock nor the wait for it. Asked for at once, a stronger lock would have
    them queue behind it until the server ends the autovacuum, which it does after deadlock_timeout. -##}
SET LOCAL lock_timeout = '10s';
LOCK TABLE {{ first | ident }}{% if second %}, {{ second | ident }}{% endif %} IN SHARE UPDATE EXCLUSIVE MODE;
SET LOCAL lock_timeout = {{ settings.lock_timeout | literal }};
