-- Whether another tool takes the table for its own. One that knows it by its number, or by its partitions, no longer
-- finds what it knows after the swap. Reads the catalogs, and the tables in which such tools keep what they manage.
{% with of_extensions = true, registers = [
  {'tool': 'TimescaleDB', 'table': 'hypertable', 'columns': ['schema_name', 'table_name', 'associated_schema_name'],
   'said': 'SELECT $$here$$ FROM %1$s WHERE schema_name = %2$L AND table_name = %3$L'},
  {'tool': 'Citus', 'table': 'pg_dist_partition', 'columns': ['logicalrelid', 'partmethod'],
   'said': 'SELECT $$here$$ FROM %1$s WHERE logicalrelid = %4$L::oid'},
  {'tool': 'pg_partman', 'table': 'part_config', 'columns': ['parent_table', 'control'],
   'said': 'SELECT parent_table FROM %1$s WHERE parent_table = %2$L || $$.$$ || %3$L'},
  {'tool': 'pg_squeeze', 'table': 'tables', 'columns': ['tabschema', 'tabname'],
   'said': 'SELECT tabname FROM %1$s WHERE tabschema = %2$L AND tabname = %3$L'},
  {'tool': 'pglogical', 'table': 'replication_set_table', 'columns': ['set_id', 'set_reloid'],
   'said': 'SELECT set_id FROM %1$s WHERE set_reloid = %4$L::oid LIMIT 1'}] %}
{% include 'repartition/check/registers.sql' %}
{% endwith %}

WITH source AS (
  SELECT to_regclass({{ source | literal }})::oid AS oid
), tree AS (
{% include 'facts/fragments/tree.sql' %}
), asked AS (
  SELECT * FROM jsonb_to_recordset(current_setting('executor.findings')::jsonb) AS asked (tool text, register text, said text, readable boolean)
), owning (tool) AS (
  SELECT 'extension ' || e.extname
  FROM tree
  JOIN pg_depend AS d ON d.classid = 'pg_class'::regclass AND d.objid = tree.oid AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
  JOIN pg_extension AS e ON e.oid = d.refobjid
  UNION
  SELECT CASE t.tgname WHEN 'ts_insert_blocker' THEN 'TimescaleDB' ELSE 'Citus' END
  FROM tree JOIN pg_trigger AS t ON t.tgrelid = tree.oid AND (t.tgname = 'ts_insert_blocker' OR t.tgname LIKE 'citus\_truncate%')
  UNION
  SELECT tool FROM asked WHERE said IS NOT NULL AND tool IN ('TimescaleDB', 'Citus')
  UNION
  SELECT 'logical replication' FROM tree JOIN pg_subscription_rel AS s ON s.srrelid = tree.oid
), managing (tool, said) AS (
  SELECT tool, 'pg_partman has it in ' || register || ', and its maintenance stops for all tables once it finds partitions that it did not '
    'make. Take it out first (DELETE FROM ' || register || ' WHERE parent_table = ' || quote_literal(said) || '): the new table needs no maintenance, but '
    'nothing drops old rows then, where that had a retention'
  FROM asked WHERE tool = 'pg_partman' AND said IS NOT NULL
  UNION ALL
  SELECT tool, 'pg_squeeze has it in ' || register || ', and moves rows to other places while they are copied. Take it out first (DELETE FROM '
    || register || ' WHERE tabschema = ' || quote_literal({{ source.schema | literal }}) || ' AND tabname = ' || quote_literal(said) || '); it does not squeeze a partitioned table'
  FROM asked WHERE tool = 'pg_squeeze' AND said IS NOT NULL
  UNION ALL
  SELECT tool, register || ' has it in a replication set, by its number: the new table would not be replicated. Take it out first, '
    'and put the new table in afterwards'
  FROM asked WHERE tool = 'pglogical' AND said IS NOT NULL
  UNION ALL
  SELECT tool, tool || ' knows it by its number (' || string_agg(DISTINCT register, ', ') || '), which the old table keeps. Take it out there first, and '
    'put the new table in afterwards'
  FROM asked WHERE said = '' AND tool NOT IN ('TimescaleDB', 'Citus') AND register NOT IN (SELECT register FROM asked WHERE said <> '')
  GROUP BY tool
  UNION ALL
  SELECT extname, extname || ' replicates all tables of this database, and what is done to them: backup, log and new table, too'
  FROM pg_extension WHERE extname IN ('pgactive', 'bdr')
  UNION ALL
  -- such as a view that is kept up to date; PostgreSQL's own internal triggers are those of constraints
  SELECT coalesce(e.extname, t.tgfoid::regproc::text), 'triggers that ' || coalesce('extension ' || e.extname, 'nobody can see')
    || ' has made for itself do not come along: ' || string_agg(DISTINCT t.tgfoid::regproc::text, ', ') || '. Drop what made them, and make it again afterwards'
  FROM tree
  JOIN pg_trigger AS t ON t.tgrelid = tree.oid AND t.tgisinternal AND t.tgconstraint = 0 AND t.tgparentid = 0
  LEFT JOIN pg_depend AS d ON d.classid = 'pg_proc'::regclass AND d.objid = t.tgfoid AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
  LEFT JOIN pg_extension AS e ON e.oid = d.refobjid
  GROUP BY e.extname, CASE WHEN e.oid IS NULL THEN t.tgfoid END, coalesce(e.extname, t.tgfoid::regproc::text)
)
SELECT
  'ownership by another tool' AS subject, 'none' AS expected,
  coalesce(string_agg(tool, ', ' ORDER BY tool) || '; its tables have rules of their own', 'none') AS actual,
  count(tool) = 0 AS passed
FROM owning
UNION ALL
SELECT
  'other tools that manage the table', 'none, or accepted by the plan',
  coalesce(string_agg(managing.said, '. ' ORDER BY managing.tool) || '. Or leave it so: accept: ['
    || string_agg(DISTINCT 'manager ' || managing.tool, ', ') || ']', 'none'),
  count(managing.tool) = 0
FROM source
LEFT JOIN managing ON source.oid IS NOT NULL AND 'manager ' || managing.tool <> ALL ({% include 'repartition/check/accepted.sql' %})
UNION ALL
SELECT
  'what other tools manage', 'can be read',
  coalesce(string_agg(DISTINCT asked.register, ', ') || ' can''t be read by this role, or belongs to one that it does not trust: see whether the table is in there', 'can be read'),
  CASE WHEN count(asked.register) = 0 THEN true END
FROM source LEFT JOIN asked ON NOT asked.readable
