-- What every session of the plan has: procedures that many steps call. No other role can replace them, for they are
-- temporary. They are made too often to be parsed each time.
SET LOCAL check_function_bodies = off;

-- The roles whose code may run with the rights of the session.
CREATE OR REPLACE FUNCTION pg_temp.executor_trusted_roles()
RETURNS SETOF oid LANGUAGE sql STABLE AS $function$
{% include 'security/who_is_trusted.sql' %}
$function$;

-- Asks for code of other roles that would run with the rights of the session: by tables that the transaction writes or
-- reads, or by functions of the plan's own that it calls. The setting executor.foreign_code says which, or is empty.
CREATE OR REPLACE PROCEDURE pg_temp.executor_ask_foreign_code(
  writes text[] DEFAULT '{}', reads text[] DEFAULT '{}', calls text[] DEFAULT '{}')
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $function$
DECLARE
{% include 'security/ask.sql' %}
$function$;

-- Refuses to go on where code of other roles would run with the rights of the session.
CREATE OR REPLACE PROCEDURE pg_temp.executor_refuse_foreign_code(
  writes text[] DEFAULT '{}', reads text[] DEFAULT '{}', calls text[] DEFAULT '{}')
LANGUAGE plpgsql AS $function$
BEGIN
  CALL pg_temp.executor_ask_foreign_code(writes, reads, calls);
{% include 'security/raise_foreign_code.sql' %}
END
$function$;

-- Refuses to go on where code of other roles would run when a lookup in one of the tables, such as that of a foreign key, is
-- planned.
CREATE OR REPLACE PROCEDURE pg_temp.executor_refuse_foreign_plans(tables text[]) LANGUAGE plpgsql AS $function$
DECLARE
  item regclass;
  refused text;
BEGIN
  -- Readers and writers don't notice this lock; whoever would add an index, a check or statistics meanwhile waits.
  FOR item IN
    SELECT c.oid::regclass FROM unnest(tables) AS name JOIN pg_class AS c ON c.oid = to_regclass(name)
    WHERE has_table_privilege(c.oid, 'UPDATE') AND c.relkind IN ('r', 'p') AND c.relowner NOT IN (
{% include 'security/trusted_roles.sql' %}
    ) ORDER BY 1
  LOOP
    EXECUTE format('LOCK TABLE %s IN SHARE UPDATE EXCLUSIVE MODE', item);
  END LOOP;
  refused := (
    SELECT string_agg({% include 'security/foreign_plans.sql' %}, ', ')
    FROM (SELECT to_regclass(name) FROM unnest(tables) AS name) AS looked_up (oid));
  IF refused IS NOT NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('what is not to be trusted would run with the rights of %s: %s', session_user, refused),
      HINT = 'A foreign key refers to this table. Drop what calls the function (an index, statistics or a check), or let a role own it that you trust.';
  END IF;
END
$function$;

-- Gives a table, its partitions and their sequences to the owner of another table, and to nobody else.
CREATE OR REPLACE PROCEDURE pg_temp.executor_keep_private(kept regclass, owner_of regclass)
LANGUAGE plpgsql AS $function$
DECLARE
{% include 'security/keep_private.sql' %}
$function$;

-- Takes away what an event trigger has added to a new table, if the table that it is like has it, too; else refuses it.
CREATE OR REPLACE PROCEDURE pg_temp.executor_refuse_additions(made regclass, like_table regclass, wanted text[] DEFAULT '{}')
LANGUAGE plpgsql AS $function$
DECLARE
{% include 'security/refuse_additions.sql' %}
$function$;

-- Leaves a function to its owner alone, who is that of a table if the session trusts him.
CREATE OR REPLACE PROCEDURE pg_temp.executor_keep_function_private(function text, owner_of regclass)
LANGUAGE plpgsql AS $function$
DECLARE
{% include 'security/keep_function_private.sql' %}
$function$;

-- Keeps tables that are compared as they are: no TRUNCATE, and no view in the place of one.
CREATE OR REPLACE PROCEDURE pg_temp.executor_hold_steady(first text, second text, without text DEFAULT NULL)
LANGUAGE plpgsql AS $function$
DECLARE
{% include 'security/hold_steady.sql' %}
$function$;
