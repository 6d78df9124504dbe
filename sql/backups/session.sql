-- Why a registry of backups is not used; null: nothing is wrong with it.
CREATE OR REPLACE FUNCTION pg_temp.executor_registry_doubt(asked oid)
RETURNS text LANGUAGE sql STABLE AS $function$
SELECT {% include 'backups/why_doubt.sql' %} FROM (SELECT $1) AS registry (oid)
$function$;

-- Makes the registry of backups, if there is none, and refuses one that is not to be trusted.
CREATE OR REPLACE PROCEDURE pg_temp.executor_open_registry() LANGUAGE plpgsql AS $procedure$
BEGIN
{% include 'backups/install.sql' %}
END
$procedure$;

-- Counts the rows of a table and computes their digest.
CREATE OR REPLACE PROCEDURE pg_temp.executor_measure(executor_measured regclass) LANGUAGE plpgsql AS $procedure$
DECLARE
{% include 'backups/measured.sql' %}
$procedure$;

-- Enters a table into the registry, with its digest, its retention and the definition of the table that it is kept for.
CREATE OR REPLACE PROCEDURE pg_temp.executor_register(
  executor_kept regclass, executor_kind text, executor_original regclass, executor_definition jsonb DEFAULT NULL)
LANGUAGE plpgsql AS $procedure$
DECLARE
{% include 'backups/registered.sql' %}
$procedure$;
