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
CREATE OR REPLACE PROCEDURE pg_temp.executor_register(executor_kept regclass, executor_kind text, executor_original regclass)
LANGUAGE plpgsql AS $procedure$
DECLARE
{% include 'backups/registered.sql' %}
$procedure$;
