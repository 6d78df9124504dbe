{## What depends on the tables, sequences and materialized views in the list `holders` of schema and name, on their partitions or
    their row types, and is no part of them: a SELECT of classid, objid and objsubid without its semicolon. -##}
WITH tree AS (
  SELECT c.oid, c.reltype
  FROM pg_class AS c
  WHERE c.oid IN (
    WITH RECURSIVE part (oid) AS (
      SELECT to_regclass(format('%I.%I', named.schema, named.name))::oid
      FROM (VALUES {% for schema, name in holders %}({{ schema | literal }}, {{ name | literal }}){% if not loop.last %}, {% endif %}{% endfor %}) AS named (schema, name)
      UNION SELECT i.inhrelid FROM part JOIN pg_inherits AS i ON i.inhparent = part.oid
    )
    SELECT oid FROM part)
), dependent AS (
  SELECT DISTINCT d.classid, d.objid, d.objsubid
  FROM pg_depend AS d
  WHERE d.deptype IN ('n', 'a') AND (
    d.refclassid = 'pg_class'::regclass AND d.refobjid IN (SELECT oid FROM tree)
    OR d.refclassid = 'pg_type'::regclass AND d.refobjid IN (
      SELECT reltype FROM tree UNION SELECT t.typarray FROM tree JOIN pg_type AS t ON t.oid = tree.reltype))
), part_of (classid, objid, relation) AS (
  SELECT 'pg_class'::regclass, oid, oid FROM pg_class
  UNION ALL SELECT 'pg_class'::regclass, indexrelid, indrelid FROM pg_index
  UNION ALL SELECT 'pg_attrdef'::regclass, oid, adrelid FROM pg_attrdef
  UNION ALL SELECT 'pg_constraint'::regclass, oid, conrelid FROM pg_constraint
  UNION ALL SELECT 'pg_rewrite'::regclass, oid, ev_class FROM pg_rewrite
  UNION ALL SELECT 'pg_trigger'::regclass, oid, tgrelid FROM pg_trigger
  UNION ALL SELECT 'pg_policy'::regclass, oid, polrelid FROM pg_policy
  UNION ALL SELECT 'pg_statistic_ext'::regclass, oid, stxrelid FROM pg_statistic_ext
)
SELECT dependent.classid, dependent.objid, dependent.objsubid
FROM dependent
WHERE NOT EXISTS (
  SELECT FROM part_of JOIN tree ON tree.oid = part_of.relation
  WHERE part_of.classid = dependent.classid AND part_of.objid = dependent.objid)
