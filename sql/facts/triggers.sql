-- The triggers of the table, and those that one of its partitions has alone; not those that the migration makes.
SELECT
  t.tgname::text AS name,
  c.relname::text AS relation,
  n.nspname::text AS schema,
  c.oid = to_regclass({{ source | literal }}) AS on_table,
  t.tgenabled::text AS enabled,
  object.identity = ANY ({% include 'repartition/check/accepted.sql' %}) AS accepted,
  pg_get_triggerdef(t.oid) AS definition_sql
FROM pg_trigger AS t
JOIN pg_class AS c ON c.oid = t.tgrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_proc AS f ON f.oid = t.tgfoid
CROSS JOIN pg_identify_object('pg_trigger'::regclass, t.oid, 0) AS object
WHERE t.tgrelid IN (
{% include 'facts/fragments/tree.sql' %}
)
  AND NOT t.tgisinternal AND t.tgparentid = 0
  AND NOT (f.pronamespace = to_regnamespace(quote_ident({{ source.schema | literal }})) AND f.proname IN (
    {{ log.name | literal }}, {{ back_log.name | literal }}, {{ old.name | literal }}))
  AND NOT {% include 'layout/is_own_trigger.sql' %}

  -- in the place of foreign keys into the table: a rollback drops them; for a later run they are triggers like others
  AND NOT (f.pronamespace = to_regnamespace(quote_ident({{ source.schema | literal }})) AND f.proname ~ {{ ('_(check|keeps)_key[0-9]+_' ~ timestamp ~ '$') | literal }})
  -- of an earlier run, for its way back
  AND NOT {% include 'repartition/log/is_way_back.sql' %}

ORDER BY c.oid <> to_regclass({{ source | literal }}), n.nspname, c.relname, t.tgname
