-- Whether the later steps may say again what hangs on the table and what reads it: each statement asks for rights of its
-- own on the objects that it names. Reads the catalogs.
WITH source AS (
  SELECT to_regclass({{ source | literal }})::oid AS oid
), me AS (
  SELECT rolname::text AS name, rolsuper FROM pg_roles WHERE rolname = current_user
), reader (name, kind, schema, owner) AS (
  VALUES (NULL::text, NULL::text, NULL::text, NULL::text)
{%- for reader in facts.readers %}, ({{ reader.name | literal }}, {{ reader.kind | literal }}, {{ reader.schema | literal }}, {{ reader.owner_sql | literal }}){% endfor %}
{%- for view in facts.materialized_views %}, ({{ ('twin of ' ~ view.schema ~ '.' ~ view.name) | literal }}, 'materialized view', {{ view.schema | literal }}, {{ view.owner_sql | literal }}){% endfor %}

), said (classid, objid, executed) AS (
  -- what is printed into a statement, and whether its functions are run with the rights of this role
  SELECT 'pg_constraint'::regclass::oid, c.oid, c.contype = 'c' FROM source JOIN pg_constraint AS c ON c.conrelid = source.oid AND c.contype IN ('c', 'f')
  UNION ALL
  SELECT 'pg_attrdef'::regclass, d.oid, true
  FROM source JOIN pg_attrdef AS d ON d.adrelid = source.oid
  JOIN pg_attribute AS a ON a.attrelid = d.adrelid AND a.attnum = d.adnum AND a.attgenerated <> ''
  UNION ALL
  SELECT 'pg_class'::regclass, i.indexrelid, true FROM source JOIN pg_index AS i ON i.indrelid = source.oid
  UNION ALL
  SELECT 'pg_statistic_ext'::regclass, s.oid, true FROM source JOIN pg_statistic_ext AS s ON s.stxrelid = source.oid
  UNION ALL
  -- CREATE TRIGGER asks for the right to run it
  SELECT 'pg_trigger'::regclass, t.oid, true FROM source JOIN pg_trigger AS t ON t.tgrelid = source.oid AND NOT t.tgisinternal AND t.tgparentid = 0
  UNION ALL
  SELECT 'pg_policy'::regclass, p.oid, false FROM source JOIN pg_policy AS p ON p.polrelid = source.oid
  UNION ALL
  SELECT 'pg_rewrite'::regclass, r.oid, false FROM source JOIN pg_rewrite AS r ON r.ev_class = source.oid AND r.rulename <> '_RETURN'
  UNION ALL
  SELECT d.classid, d.objid, false
  FROM pg_depend AS d
  WHERE d.refclassid = 'pg_class'::regclass AND d.deptype = 'n'
    AND d.classid IN ('pg_rewrite'::regclass, 'pg_proc'::regclass, 'pg_policy'::regclass)
    AND d.refobjid IN (SELECT oid FROM source UNION ALL SELECT oid FROM (
{% include 'facts/fragments/reading_views.sql' %}
    ) AS view)
), named AS (
  SELECT DISTINCT d.refclassid AS classid, d.refobjid AS objid, said.executed
  FROM said JOIN pg_depend AS d ON d.classid = said.classid AND d.objid = said.objid AND d.refobjid <> (SELECT oid FROM source)
  UNION
  -- before PostgreSQL 15 it is the generated column that depends on them
  SELECT d.refclassid, d.refobjid, true
  FROM source
  JOIN pg_attribute AS a ON a.attrelid = source.oid AND a.attgenerated <> ''
  JOIN pg_depend AS d
    ON d.classid = 'pg_class'::regclass AND d.objid = source.oid AND d.objsubid = a.attnum
    AND d.refclassid IN ('pg_proc'::regclass, 'pg_operator'::regclass)
), found (subject, name, advice) AS (
  SELECT 'owner of what reads the table', name || ' of ' || owner,
    'it has to be bound to the new table, which its owner alone can do: run the plan as a role that is a member of both, or drop it'
  FROM reader WHERE NOT pg_has_role(to_regrole(owner), 'USAGE') AND name NOT LIKE 'twin of %'
  UNION ALL
  -- a twin is filled as its owner, from a table that is nobody else's until the swap
  SELECT 'owner of what reads the table', format('materialized view %s of %s', substr(reader.name, 9), reader.owner),
    'only the owner of the table may read the new one before the swap: ALTER MATERIALIZED VIEW ... OWNER TO ' || c.relowner::regrole
  FROM reader
  JOIN source ON true
  JOIN pg_class AS c ON c.oid = source.oid
  WHERE reader.name LIKE 'twin of %' AND pg_has_role(to_regrole(reader.owner), 'USAGE') AND NOT pg_has_role(to_regrole(reader.owner), c.relowner, 'USAGE')
  UNION ALL
  SELECT 'owner of publications that name the table', quote_ident(p.pubname) || ' of ' || p.pubowner::regrole,
    'its owner alone can put the new table into it: run the plan as a role that is a member of both, or take the table out'
  FROM pg_publication AS p
  WHERE NOT pg_has_role(p.pubowner, 'USAGE') AND p.pubname IN (SELECT name FROM (VALUES (NULL)
{%- for publication in facts.publications if publication.is_named %}, ({{ publication.name | literal }}){% endfor %}) AS listed (name))
  UNION ALL
  SELECT DISTINCT 'schemas in which something is made again', format('%I for %s', n.nspname, role.name),
    'GRANT CREATE ON SCHEMA'
  FROM me
  -- the schemas of statistics are asked for in rights.sql
  JOIN reader AS made ON made.kind IN ('view', 'function', 'materialized view')
  JOIN pg_namespace AS n ON n.nspname = made.schema
  CROSS JOIN LATERAL (
    SELECT quote_ident(me.name)
    -- a twin is given to the owner of its view
    UNION ALL SELECT made.owner WHERE made.kind = 'materialized view' AND NOT me.rolsuper
  ) AS role (name)
  WHERE NOT has_schema_privilege(to_regrole(role.name), n.oid, 'CREATE')
  UNION ALL
  SELECT 'schemas of what is named', quote_ident(object.schema) || ' for ' || quote_ident(me.name), 'GRANT USAGE ON SCHEMA'
  FROM me, named
  CROSS JOIN pg_identify_object(named.classid, named.objid, 0) AS object
  JOIN pg_namespace AS n ON n.nspname = object.schema
  WHERE NOT has_schema_privilege(n.oid, 'USAGE')
  UNION ALL
  SELECT 'functions of constraints, indexes and triggers', p.oid::regprocedure || ' for ' || quote_ident(me.name), 'GRANT EXECUTE ON FUNCTION'
  FROM me, named
  LEFT JOIN pg_operator AS o ON named.classid = 'pg_operator'::regclass AND o.oid = named.objid
  JOIN pg_proc AS p ON p.oid = CASE named.classid WHEN 'pg_proc'::regclass THEN named.objid ELSE o.oprcode END
  WHERE named.executed AND NOT has_function_privilege(p.oid, 'EXECUTE')
  UNION ALL
  SELECT 'types of the columns', format_type(a.atttypid, NULL) || ' for ' || quote_ident(me.name), 'GRANT USAGE ON TYPE'
  FROM me, source
  JOIN pg_attribute AS a ON a.attrelid = source.oid AND a.attnum > 0 AND NOT a.attisdropped
  WHERE NOT has_type_privilege(a.atttypid, 'USAGE')
  UNION ALL
  SELECT 'languages', quote_ident(l.lanname) || ' for ' || quote_ident(me.name),
    CASE WHEN l.lanpltrusted THEN 'GRANT USAGE ON LANGUAGE' ELSE 'only a superuser may make functions of it' END
  FROM me, pg_language AS l
  WHERE NOT (me.rolsuper OR l.lanpltrusted AND has_language_privilege(l.oid, 'USAGE'))
    AND EXISTS (SELECT FROM said JOIN pg_proc AS p ON said.classid = 'pg_proc'::regclass AND p.oid = said.objid AND p.prolang = l.oid)
  UNION ALL
  SELECT 'tablespaces', quote_ident(t.spcname) || ' for ' || quote_ident(me.name), 'GRANT CREATE ON TABLESPACE'
  FROM me, pg_tablespace AS t
  WHERE NOT has_tablespace_privilege(t.oid, 'CREATE') AND t.oid IN (
    SELECT c.reltablespace FROM pg_class AS c
    WHERE c.oid IN (
{% include 'facts/fragments/tree.sql' %}
    )
      OR c.oid IN (SELECT i.indexrelid FROM source JOIN pg_index AS i ON i.indrelid = source.oid)
      OR c.oid IN (SELECT oid FROM (
{% include 'facts/fragments/reading_views.sql' %}
    ) AS view))
{% if facts.server[0].version >= 160000 %}
  UNION ALL
  SELECT 'SET for the owners', quote_ident(role.rolname), 'the new objects are given to their owners: GRANT ... WITH SET TRUE'
  FROM me
  JOIN pg_roles AS role ON pg_has_role(role.oid, 'USAGE') AND NOT pg_has_role(role.oid, 'SET') AND NOT me.rolsuper
  WHERE role.oid IN (SELECT c.relowner FROM source JOIN pg_class AS c USING (oid))
    OR role.oid IN (SELECT to_regrole(owner) FROM reader WHERE kind = 'materialized view')
{% endif %}
), told AS (
  SELECT subject, {% include 'tables/listed.sql' %} || '; ' || advice AS actual
  FROM found AS listed
  GROUP BY subject, advice
)
SELECT
  kind.subject,
  kind.expected,
  coalesce(string_agg(CASE WHEN kind.expected = 'granted' THEN 'not granted: ' ELSE '' END || told.actual, '. ' ORDER BY told.actual),
    kind.expected) AS actual,
  count(told.actual) = 0 AS passed
FROM (
  SELECT subject, coalesce(expected, me.name || ', or a role of which it is a member')
  FROM me, (
    VALUES
      ('owner of what reads the table', NULL),
      ('owner of publications that name the table', NULL),
      ('schemas in which something is made again', 'granted'),
      ('schemas of what is named', 'granted'),
      ('functions of constraints, indexes and triggers', 'granted'),
      ('types of the columns', 'granted'),
      ('languages', 'granted'),
{% if facts.server[0].version >= 160000 %}
      ('SET for the owners', 'granted'),
{% endif %}
      ('tablespaces', 'granted')
  ) AS kind (subject, expected)
) AS kind (subject, expected)
LEFT JOIN told USING (subject)
GROUP BY kind.subject, kind.expected
