-- Why a registry of backups is not used; null: nothing is wrong with it.
CREATE OR REPLACE FUNCTION pg_temp.executor_registry_doubt(asked oid)
RETURNS text LANGUAGE sql STABLE AS $function$
SELECT {% include 'backups/why_doubt.sql' %} FROM (SELECT $1) AS registry (oid)
$function$;

-- The registry of backups is locked, and used only if none but roles that the session trusts can write to it.
CREATE OR REPLACE PROCEDURE pg_temp.executor_hold_registry(writing boolean)
LANGUAGE plpgsql AS {% set body %}

DECLARE
{% with schema = source.schema %}
{% include 'backups/guard_registry.sql' %}
{% endwith %}
{% endset %}
{{ body | dollar_quoted }};

-- The registry of backups is made, or widened where an older version has made it.
CREATE OR REPLACE PROCEDURE pg_temp.executor_install_registry()
LANGUAGE plpgsql AS {% set body %}

DECLARE
{% with of_plan = true %}
{% include 'backups/install_registry.sql' %}
{% endwith %}
{% endset %}
{{ body | dollar_quoted }};

-- How many rows a table has, and their digest: the setting executor.content.
CREATE OR REPLACE PROCEDURE pg_temp.executor_measure(measured regclass)
LANGUAGE plpgsql AS $function$
DECLARE
{% include 'backups/measure_table.sql' %}
$function$;

-- Where the sequences of a table are, for its definition: the setting executor.sequences.
CREATE OR REPLACE PROCEDURE pg_temp.executor_note_sequences(defined regclass)
LANGUAGE plpgsql AS {% set body %}

DECLARE
{% include 'backups/note_sequences.sql' %}
{% endset %}
{{ body | dollar_quoted }};

-- The definition of a table and its partitions, as a restore needs it.
CREATE OR REPLACE FUNCTION pg_temp.executor_definition(relation regclass)
RETURNS jsonb LANGUAGE sql AS $function$
SELECT
{% include 'tables/definition.sql' %}
FROM (SELECT $1) AS defined (relation)
$function$;
