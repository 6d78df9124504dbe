{## Code that belongs to a role which this session does not trust, and that runs with its rights when a query on the table
    `looked_up.oid` is planned, whatever the query reads: an expression of text, null if there is none. The planner
    computes what is constant in indexes, extended statistics and checks, also of tables that foreign keys refer to. -##}
(WITH RECURSIVE trusted AS MATERIALIZED (
{% include 'security/trusted_roles.sql' %}
), tree (oid) AS (
  SELECT looked_up.oid::oid
  UNION SELECT i.inhrelid FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.oid
), relation AS (
  SELECT c.oid FROM tree JOIN pg_class AS c USING (oid) WHERE c.relowner NOT IN (SELECT oid FROM trusted)
), expression (relation, tree) AS (
  SELECT i.indrelid, concat_ws(' ', i.indexprs::text, i.indpred::text) FROM relation JOIN pg_index AS i ON i.indrelid = relation.oid
  UNION ALL
  SELECT s.stxrelid, s.stxexprs::text FROM relation JOIN pg_statistic_ext AS s ON s.stxrelid = relation.oid
  UNION ALL
  SELECT c.conrelid, c.conbin::text FROM relation JOIN pg_constraint AS c ON c.conrelid = relation.oid
  UNION ALL
  SELECT p.partrelid, p.partexprs::text FROM relation JOIN pg_partitioned_table AS p ON p.partrelid = relation.oid
), called (relation, function) AS (
  SELECT relation, (regexp_matches(tree, ':(?:funcid|opfuncid) (\d+)', 'g'))[1]::oid FROM expression
  UNION
  SELECT used.relation, o.oprcode
  FROM (SELECT relation, (regexp_matches(tree, ':opno (\d+)', 'g'))[1]::oid FROM expression) AS used (relation, operator)
  JOIN pg_operator AS o ON o.oid = used.operator
)
SELECT string_agg(DISTINCT format('function %s of %s (%s)', p.oid::regprocedure, p.proowner::regrole, called.relation::regclass), ', ')
FROM called JOIN pg_proc AS p ON p.oid = called.function
WHERE p.proowner NOT IN (SELECT oid FROM trusted) OR {% include 'security/runs_given.sql' %}
)
