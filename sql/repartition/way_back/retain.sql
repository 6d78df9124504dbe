-- Enters the old table into the registry of backups, with the same retention. It is the way back, and
{% if backup == 'old_table' %}
-- the backup, with the definition that it had before the swap, which was compared under its lock.
{% else %}
-- no backup: {% if backup == 'copy' %}the verified copy is that{% else %}none was wanted{% endif %}.
{% endif %}
-- What else is kept for the way back is noted, to go with it: by name. An oid is another one after pg_upgrade or a restore.
{% with written = [], read = [old], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}

CALL pg_temp.executor_refuse_renamed();

CALL pg_temp.executor_open_registry();
DO {% set body %}

BEGIN
  IF to_regclass({{ old | literal }}) IS NULL THEN
    RAISE WARNING USING MESSAGE = {{ (old ~ ' is gone: somebody has dropped it, so there is no way back, and what is written is logged for nothing') | literal }};
    RETURN;
  END IF;
  CALL pg_temp.executor_register({{ old | literal }}, 'old_table', {{ old | literal }}{% for before in facts.definition %}, {{ before.definition | literal }}{% endfor %});

  UPDATE {{ source.schema | ident }}.migration_backups
  SET way_back = jsonb_build_object(
    'log', to_regclass({{ back_log | literal }})::text,
    'capture', to_regprocedure({{ back_log | literal }} || '()')::text,
    'functions', (
      SELECT jsonb_agg(p.oid::regprocedure::text ORDER BY p.oid) FROM pg_proc AS p
      WHERE p.oid IN (
        to_regprocedure({{ back_log | literal }} || '()'), to_regprocedure({{ old | literal }} || '()'),
        to_regprocedure({{ sync | literal }} || '(boolean, integer, integer)'))),
    'views', {% if facts.materialized_views %}jsonb_build_array(
{%- for view in facts.materialized_views | reverse %}format('%I.%I', {{ view.schema | literal }}, {{ (view.name ~ '_old_' ~ timestamp) | short_name | literal }}){% if not loop.last %}, {% endif %}{% endfor %})
{%- else %}'[]'::jsonb{% endif %})
  WHERE kind = 'old_table' AND table_oid = {{ old | literal }}::regclass;
END
{% endset %}{{ body | dollar_quoted }};

-- From here on the names of its constraints are those of the new table's alone.
{% with back = false %}
{% include 'repartition/way_back/constraint_names.sql' %}
{% endwith %}
