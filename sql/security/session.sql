-- What every session of the plan has: a function that refuses to go on if code of a role that the session does not
-- trust would run with its rights, and one that gives a table to its owner and to nobody else. No other role can
-- replace them, for they are temporary. They are made too often to be parsed each time, and planned once.
SELECT pg_catalog.set_config('check_function_bodies', 'off', true);

CREATE OR REPLACE FUNCTION pg_temp.executor_trusts(executor_written text[], executor_read text[], executor_called text[])
RETURNS void LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $function$
BEGIN
  DECLARE
{% include 'security/ask.sql' %};
{% include 'security/raise_foreign_code.sql' %}
END
$function$;

CREATE OR REPLACE FUNCTION pg_temp.executor_keep_private(executor_relation regclass, executor_owner oid)
RETURNS void LANGUAGE plpgsql AS $function$
DECLARE
{% include 'security/keep_private.sql' %}
$function$;
