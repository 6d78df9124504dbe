-- What every session of the plan has: procedures that many steps call. No other role can replace them, for they are
-- temporary. They are made too often to be parsed each time.
SET LOCAL check_function_bodies = off;

-- Refuses to go on if code of a role that the session does not trust would run with its rights: by tables that the
-- transaction writes or reads, or by functions of the plan's own that it calls.
CREATE OR REPLACE PROCEDURE pg_temp.executor_refuse_foreign_code(
  writes text[] DEFAULT '{}', reads text[] DEFAULT '{}', calls text[] DEFAULT '{}')
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $function$
BEGIN
  DECLARE
{% include 'security/ask.sql' %};
{% include 'security/raise_foreign_code.sql' %}
END
$function$;

-- Gives a table, its partitions and their sequences to the owner of another table, and to nobody else.
CREATE OR REPLACE PROCEDURE pg_temp.executor_keep_private(kept regclass, owner_of regclass)
LANGUAGE plpgsql AS $function$
DECLARE
{% include 'security/keep_private.sql' %}
$function$;

-- Takes away what an event trigger has added to a new table, if the table that it is like has it, too; else refuses it.
CREATE OR REPLACE PROCEDURE pg_temp.executor_refuse_additions(made regclass, like_table regclass)
LANGUAGE plpgsql AS $function$
DECLARE
{% include 'security/refuse_additions.sql' %}
$function$;

-- Leaves a function to its owner alone, who is that of a table if the session trusts him.
CREATE OR REPLACE PROCEDURE pg_temp.executor_keep_function_private(function text, owner_of regclass, arguments text DEFAULT NULL)
LANGUAGE plpgsql AS $function$
DECLARE
{% include 'security/keep_function_private.sql' %}
$function$;
