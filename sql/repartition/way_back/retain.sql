-- Enters the old table into the registry of backups, with the same retention. It is the way back, not
-- a backup: the verified copy is that. What else is kept for the way back is noted, to go with it: by
-- name, which has the timestamp of the run in it. An oid means something else after pg_upgrade or a restore.
{% with written = [], read = [old], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}

CALL pg_temp.executor_install_registry();

{% with table = old, original = old, kind = 'old_table', of_plan = true %}
{% include 'backups/register.sql' %}
{% endwith %}

UPDATE {{ source.schema | ident }}.migration_backups
SET way_back = jsonb_build_object(
  'log', {{ back_log | literal }}::regclass::text,
  'capture', to_regprocedure({{ back_log | literal }} || '()')::text,
  'functions', (
    SELECT jsonb_agg(p.oid::regprocedure::text ORDER BY p.oid) FROM pg_proc AS p
    WHERE p.oid IN (
      to_regprocedure({{ back_log | literal }} || '()'), to_regprocedure({{ old | literal }} || '()'),
      to_regprocedure({{ sync | literal }} || '(boolean, integer, integer)'))),
  'views', (
    SELECT coalesce(jsonb_agg(format('%I.%I', t.schema, t.twin) ORDER BY t.depth DESC), '[]')
    FROM (
{% with ending = '_old_' ~ timestamp %}
{% include 'repartition/twins/twins.sql' %}
{% endwith %}
    ) AS t
    WHERE to_regclass(format('%I.%I', t.schema, t.twin)) IS NOT NULL))
WHERE kind = 'old_table' AND table_oid = {{ old | literal }}::regclass;
