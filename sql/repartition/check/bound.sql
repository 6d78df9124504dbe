-- Whether something else holds the table itself and not its name, and whether the table's own definitions do: after the
-- swap that would be the old one. What the swap says again, it binds to the new one. Reads the catalogs.
{% with said = facts, holder = source, ending = '' %}
{% from 'repartition/swap/holders.sql' import holders with context %}
WITH source AS (
  SELECT to_regclass({{ source | literal }})::oid AS oid
), whole (oid) AS (
  SELECT to_regclass(format('%I.%I', named.schema, named.name))::oid
  FROM (VALUES {% for schema, name in holders %}({{ schema | literal }}, {{ name | literal }}){% if not loop.last %}, {% endif %}{% endfor %}) AS named (schema, name)
), tree (oid) AS (
{% include 'facts/fragments/tree.sql' %}
), dependent AS (
{% include 'repartition/swap/bound_to.sql' %}
), own (oid, classid, name, tree, printed) AS (
  -- what the new table has before the swap, and so with the table that is meant now
  SELECT c.oid, 'pg_constraint'::regclass, 'CHECK ' || quote_ident(c.conname), c.conbin::text, pg_get_expr(c.conbin, c.conrelid)
  FROM source JOIN pg_constraint AS c ON c.conrelid = source.oid AND c.contype = 'c'
  UNION ALL
  SELECT d.oid, 'pg_attrdef'::regclass, CASE a.attgenerated WHEN '' THEN 'default of ' ELSE 'generated column ' END || quote_ident(a.attname),
    d.adbin::text, pg_get_expr(d.adbin, d.adrelid)
  FROM source
  JOIN pg_attrdef AS d ON d.adrelid = source.oid
  JOIN pg_attribute AS a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
  UNION ALL
  SELECT i.indexrelid, 'pg_class'::regclass, 'index ' || quote_ident(c.relname), concat_ws(' ', i.indexprs::text, i.indpred::text),
    concat_ws(' ', pg_get_expr(i.indexprs, i.indrelid), pg_get_expr(i.indpred, i.indrelid))
  FROM source JOIN pg_index AS i ON i.indrelid = source.oid JOIN pg_class AS c ON c.oid = i.indexrelid
  WHERE i.indexprs IS NOT NULL OR i.indpred IS NOT NULL
  UNION ALL
  SELECT s.oid, 'pg_statistic_ext'::regclass, 'statistics ' || quote_ident(s.stxname), s.stxexprs::text, pg_get_expr(s.stxexprs, s.stxrelid)
  FROM source JOIN pg_statistic_ext AS s ON s.stxrelid = source.oid AND s.stxexprs IS NOT NULL
), found (subject, advice, name) AS (
  SELECT
    'what is bound to the table itself',
    CASE WHEN dependent.classid = 'pg_attrdef'::regclass AND a.attgenerated = ''
      THEN 'take it off before the run (ALTER TABLE ... ALTER COLUMN ... DROP DEFAULT), and set it again after the swap'
      ELSE 'drop it before the run, and create it again after the swap' END,
    format('%s %s', object.type, object.identity)
  FROM dependent
  LEFT JOIN pg_rewrite AS r ON dependent.classid = 'pg_rewrite'::regclass AND r.oid = dependent.objid
  CROSS JOIN LATERAL (SELECT r.rulename IS NOT DISTINCT FROM '_RETURN') AS of_view (is_so)
  CROSS JOIN pg_identify_object(CASE WHEN of_view.is_so THEN 'pg_class'::regclass ELSE dependent.classid END,
                                CASE WHEN of_view.is_so THEN r.ev_class ELSE dependent.objid END, dependent.objsubid) AS object
  LEFT JOIN pg_class AS c ON c.oid = CASE WHEN dependent.classid = 'pg_class'::regclass THEN dependent.objid ELSE r.ev_class END
  LEFT JOIN pg_attrdef AS d ON dependent.classid = 'pg_attrdef'::regclass AND d.oid = dependent.objid
  LEFT JOIN pg_attribute AS a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
  WHERE
    -- said again by the swap (facts/readers.sql)
    NOT (dependent.classid IN ('pg_rewrite'::regclass, 'pg_proc'::regclass, 'pg_policy'::regclass) AND EXISTS (
      SELECT FROM pg_depend AS s
      WHERE s.classid = dependent.classid AND s.objid = dependent.objid AND s.refclassid = 'pg_class'::regclass
        AND s.deptype = 'n' AND s.refobjid IN (SELECT oid FROM whole)
        AND NOT EXISTS (
          SELECT FROM pg_depend AS p
          WHERE p.classid = s.classid AND p.objid = s.objid AND p.refclassid = 'pg_class'::regclass
            AND p.refobjid IN (SELECT oid FROM tree EXCEPT SELECT oid FROM whole))))
    -- a sequence of a column goes with the table
    AND NOT coalesce(c.relkind = 'S', false)
    -- named by dependents.sql
    AND NOT (dependent.classid = 'pg_constraint'::regclass AND EXISTS (
      SELECT FROM pg_constraint AS f WHERE f.oid = dependent.objid AND f.contype = 'f'))
    AND NOT (dependent.classid IN ('pg_class'::regclass, 'pg_proc'::regclass, 'pg_type'::regclass) AND EXISTS (
      SELECT FROM pg_depend AS t JOIN pg_type AS y ON y.oid = t.refobjid
      LEFT JOIN pg_type AS element ON element.typarray = y.oid
      WHERE t.classid = dependent.classid AND t.objid = dependent.objid AND t.refclassid = 'pg_type'::regclass
        AND coalesce(element.typrelid, y.typrelid) IN (SELECT oid FROM tree)))
    AND NOT (of_view.is_so AND EXISTS (
      SELECT FROM pg_depend AS p
      WHERE p.classid = dependent.classid AND p.objid = dependent.objid AND p.refclassid = 'pg_class'::regclass
        AND p.refobjid IN (SELECT oid FROM tree)))
    -- the swap takes it out of the publication and puts it back
    AND object.type NOT LIKE 'publication %'
    -- of another session, which ends
    AND object.identity !~ '\mpg_temp(_[0-9]+)?\.'
    AND object.identity <> ALL ({% include 'repartition/check/accepted.sql' %})
  UNION ALL
  SELECT
    'sequences that a partition owns',
    format('they would go with the old table: ALTER SEQUENCE ... OWNED BY %s.%I', source.oid::regclass, a.attname),
    s.oid::regclass || ' of ' || d.refobjid::regclass
  FROM source
  JOIN pg_depend AS d
    ON d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'a'
    AND d.refobjid IN (SELECT oid FROM tree) AND d.refobjid <> source.oid
  JOIN pg_class AS s ON s.oid = d.objid AND s.relkind = 'S'
  JOIN pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
  UNION ALL
  SELECT
    'definitions that hold the table itself',
    'the new table would have the old one in them: give its name as text, or take them off before the run and add them again after the swap',
    own.name
  FROM own
  WHERE own.tree LIKE '%:consttype 2205 %' AND EXISTS (
    SELECT FROM (SELECT oid FROM whole UNION SELECT oid FROM tree) AS held
    WHERE strpos(own.printed, format('%L::regclass', held.oid::regclass::text)) > 0)
  UNION ALL
  SELECT
    'definitions that name the row as a whole',
    'PostgreSQL can''t give them to another table: name the columns instead, or drop them',
    own.name
  FROM own WHERE own.tree ~ ':varattno 0 '
  UNION ALL
  SELECT
    'definitions that ask for tableoid',
    'it is that of the partition afterwards, so they say something else: drop them',
    own.name
  FROM (
    SELECT name, tree FROM own
    UNION ALL
    SELECT 'policy ' || quote_ident(p.polname), concat_ws(' ', p.polqual::text, p.polwithcheck::text)
    FROM source JOIN pg_policy AS p ON p.polrelid = source.oid
  ) AS own
  WHERE own.tree ~ ':varno 1 :varattno -6 '
  UNION ALL
  SELECT
    'functions that PostgreSQL prints wrong',
    'a parameter without a name as "", which pg_dump does, too: CREATE OR REPLACE them with names for all parameters',
    p.oid::regprocedure::text
  FROM dependent
  JOIN pg_proc AS p ON dependent.classid = 'pg_proc'::regclass AND p.oid = dependent.objid
  WHERE {% include 'facts/fragments/is_misprinted.sql' %}
), told AS (
  SELECT subject, {% include 'tables/listed.sql' %} || '; ' || advice AS actual
  FROM found AS listed
  GROUP BY subject, advice
)
SELECT
  kind.subject,
  'none' AS expected,
  coalesce(string_agg(told.actual, '. ' ORDER BY told.actual), 'none') AS actual,
  count(told.actual) = 0 AS passed
FROM (
  VALUES
    ('what is bound to the table itself'),
    ('sequences that a partition owns'),
    ('definitions that hold the table itself'),
    ('definitions that name the row as a whole'),
    ('definitions that ask for tableoid'),
    ('functions that PostgreSQL prints wrong')
) AS kind (subject)
LEFT JOIN told USING (subject)
GROUP BY kind.subject
{% endwith %}
