{## What becomes of foreign keys into the table that are given up, and of statements that name its constraints and indexes:
    findings for changes.sql. -##}
SELECT
  'foreign keys into the table' AS subject, 'go on holding' AS expected,
  coalesce('dropped in the swap, as they are given up: ' || string_agg(key.identity
    || CASE key.on_delete WHEN 'CASCADE' THEN ' (a row is no longer deleted with the one that it refers to)'
       ELSE coalesce(' (no longer ON DELETE ' || key.on_delete || ')', '') END, ', ' ORDER BY key.identity)
    || '. From then on a row may refer to one that is not there; a rollback adds the keys again and validates them'
    || coalesce('. The new table can have ' || string_agg(key.name, ', ' ORDER BY key.identity) FILTER (WHERE key.has_unique_key)
      || ' again after the swap: ADD CONSTRAINT ... NOT VALID, then VALIDATE CONSTRAINT', ''), 'there are none') AS actual,
  count(key.name) = 0 AS passed
FROM (VALUES (1)) AS one (row)
LEFT JOIN (
{% include 'facts/incoming_keys.sql' %}
) AS key ON key.identity = ANY ({% include 'repartition/check/accepted.sql' %})
{% from 'repartition/indexes/which.sql' import of_whole with context %}
{% set kept = of_whole | map(attribute='name') | list %}
{% set lost = facts.names | selectattr('is_index') | rejectattr('name', 'in', kept) | map(attribute='name') | list %}
UNION ALL
SELECT
  'statements that name constraints or indexes', 'find those of the new table',
  coalesce(told.names || ': the new table has ' || CASE WHEN told.many > 1 THEN 'them' ELSE 'it' END
    || ' on its partitions alone, under other names, or not at all. These fail, as the name is not there: '
    || 'ON CONFLICT ON CONSTRAINT, SET CONSTRAINTS, REINDEX INDEX, CLUSTER ... USING, ALTER INDEX, COMMENT ON, DROP CONSTRAINT; '
    || 'hints (pg_hint_plan) that name it do nothing' || coalesce('. Deferrable, and by no name to be deferred any more: ' || told.deferrable, ''),
    'find those of the new table'),
  told.names IS NULL
FROM (
  SELECT
    {% include 'tables/listed.sql' %} AS names,
    count(*) AS many,
    string_agg(name, ', ' ORDER BY name) FILTER (WHERE name = ANY ({{ facts.indexes | selectattr('deferrable') | map(attribute='name') | list | literal }}::text[])) AS deferrable
  FROM unnest({{ lost | literal }}::text[]) AS listed (name)
) AS told
{% if facts.table and not facts.table[0].partitioned %}
UNION ALL
SELECT
  'statements on indexes', 'go on as they are',
  'a table with partitions refuses CREATE and DROP INDEX CONCURRENTLY, ADD CONSTRAINT ... USING INDEX, ALTER TABLE ... CLUSTER ON '
    'and ALTER INDEX ... SET; {% if facts.server[0].version < 150000 %}it can''t be clustered, and REINDEX runs{% else %}CLUSTER needs USING, and that and REINDEX run{% endif %} in no transaction block. '
    'On a partition they work',
  false
{% endif %}
