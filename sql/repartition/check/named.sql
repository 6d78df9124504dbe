{## What becomes of statements that name the table's constraints and indexes: findings for changes.sql. -##}
{% from 'repartition/indexes/which.sql' import of_whole with context %}
{% set kept = of_whole | map(attribute='name') | list %}
{% set lost = facts.names | selectattr('is_index') | rejectattr('name', 'in', kept) | map(attribute='name') | list %}
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
    (SELECT {% include 'tables/listed.sql' %} FROM unnest({{ facts.indexes | selectattr('deferrable') | map(attribute='name') | select('in', lost) | list | literal }}::text[]) AS listed (name)) AS deferrable
  FROM unnest({{ lost | literal }}::text[]) AS listed (name)
) AS told
{% from 'layout/partitioned.sql' import partitioned with context %}
{% if partitioned and facts.table and not facts.table[0].partitioned %}
UNION ALL
SELECT
  'statements on indexes', 'go on as they are',
  'a table with partitions refuses CREATE and DROP INDEX CONCURRENTLY, ADD CONSTRAINT ... USING INDEX, ALTER TABLE ... CLUSTER ON '
    'and ALTER INDEX ... SET; {% if facts.server[0].version < 150000 %}it can''t be clustered, and REINDEX runs{% else %}CLUSTER needs USING, and that and REINDEX run{% endif %} in no transaction block. '
    'On a partition they work',
  false
{% endif %}
