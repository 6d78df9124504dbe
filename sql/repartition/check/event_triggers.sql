-- Whether an event trigger may forbid what the plan does, or what a rollback would: it is asked of before anything
-- is there that could then not be dropped. What its function does nobody knows before, but whether it can raise an
-- error. Reads the catalogs.
WITH found AS (
  SELECT quote_ident(e.evtname) AS name, format('%s, whose function has: %s', quote_ident(e.evtname), left(line.raised, 120)) AS said
  FROM pg_event_trigger AS e
  JOIN pg_proc AS f ON f.oid = e.evtfoid
  CROSS JOIN LATERAL (
    SELECT btrim((regexp_match(f.prosrc, '([^\n]*\mraise\s+(?!debug\M|log\M|info\M|notice\M|warning\M)[^\n]*)', 'i'))[1]) AS raised
  ) AS line
  WHERE e.evtenabled IN ('O', 'A') AND e.evtevent IN ('ddl_command_start', 'ddl_command_end', 'sql_drop', 'table_rewrite')
    AND line.raised IS NOT NULL
    AND (e.evttags IS NULL OR e.evttags && ARRAY[
      'ALTER FUNCTION', 'ALTER INDEX', 'ALTER MATERIALIZED VIEW', 'ALTER POLICY', 'ALTER PUBLICATION', 'ALTER SEQUENCE',
      'ALTER STATISTICS', 'ALTER TABLE', 'ALTER VIEW', 'COMMENT', 'CREATE FUNCTION', 'CREATE INDEX',
      'CREATE MATERIALIZED VIEW', 'CREATE POLICY', 'CREATE PROCEDURE', 'CREATE RULE', 'CREATE SCHEMA',
      'CREATE STATISTICS', 'CREATE TABLE', 'CREATE TABLE AS', 'CREATE TRIGGER', 'CREATE VIEW', 'DROP FUNCTION',
      'DROP INDEX', 'DROP MATERIALIZED VIEW', 'DROP POLICY', 'DROP PROCEDURE', 'DROP RULE', 'DROP TABLE',
      'DROP TRIGGER', 'DROP VIEW', 'GRANT', 'REFRESH MATERIALIZED VIEW', 'REVOKE'])
)
SELECT
  'event triggers that can forbid a statement of the plan' AS subject,
  'none, or accepted by the plan' AS expected,
  coalesce(string_agg(said, '; ' ORDER BY name) || '. If it forbids what the plan makes or drops, the run stops there, and so does '
    'its rollback: disable it while the plan runs. Or, where it has nothing against that, accept: [its name]', 'none') AS actual,
  count(name) = 0 AS passed
FROM found
WHERE name <> ALL ({% include 'repartition/check/accepted.sql' %})
