{## Takes the lock of the table `taken`. From here on readers and writers are kept waiting: who holds it for longer than max_lock,
    over all statements, gives up, and all is undone. -##}
SET LOCAL statement_timeout = {{ max_lock | literal }};
LOCK TABLE ONLY {{ taken | ident }} IN ACCESS EXCLUSIVE MODE;
SELECT set_config('executor.locked_at', clock_timestamp()::text, true);
{% include 'repartition/swap/clock.sql' %}
