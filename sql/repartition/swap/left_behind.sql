{## What depends on the old table and is no part of it, for proof.sql: a function, whose plan is made
    before the lock. -##}
CREATE OR REPLACE FUNCTION pg_temp.executor_left_behind() RETURNS text LANGUAGE plpgsql AS $executor$
BEGIN
  RETURN (
    WITH gone (name, is_table) AS (
      VALUES ({{ leaving | literal }}, true)
{% for view in said.materialized_views %}
        , (format('%I.%I', {{ view.schema | literal }}, {{ (view.name ~ leaving_ending) | short_name | literal }}), false)
{% endfor %}
{% for sequence in said.sequences if sequence.is_identity %}
        , (format('%I.%I', {{ sequence.schema | literal }}, {{ (sequence.name ~ leaving_ending) | short_name | literal }}), false)
{% endfor %}
    ), tree AS (
      SELECT c.oid, c.reltype
      FROM pg_class AS c
      WHERE c.oid IN (SELECT to_regclass(name) FROM gone)
        OR c.oid IN (SELECT p.relid FROM gone CROSS JOIN pg_partition_tree(to_regclass(gone.name)) AS p WHERE is_table)
    ), dependent AS (
      SELECT DISTINCT d.classid, d.objid
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
    SELECT string_agg(format('%s %s', object.type, object.identity), ', ' ORDER BY object.identity)
    FROM dependent, pg_identify_object(dependent.classid, dependent.objid, 0) AS object
    WHERE object.identity <> ALL ({% include 'repartition/check/accepted.sql' %})
      AND NOT EXISTS (
        SELECT FROM part_of JOIN tree ON tree.oid = part_of.relation
        WHERE part_of.classid = dependent.classid AND part_of.objid = dependent.objid));
END
$executor$;
