{## Whether a statement can be planned with the rights of this session: `refused` is code of roles that it does not trust,
    which the planner could call, as it computes what is constant; null if there is none. `volatile`: whether it, or a view
    that it reads, may call what is not the same each time. Asked by name, in whatever schema, so that no search path matters: `names` are
    all that the statement says, `types` those of them that could be types, `schemas` and `relations` its tables, `qualifiers` the schemas
    that it names with a function, a type or an operator.

    The answer has to hold until the statement is planned. So a session that has more rights than others looks for names in
    no schema where one that it does not trust may make something, which then would be found first: `safe` is what is left of
    `path`, and `places` says where the tables of the statement are that it names alone. -##}
WITH RECURSIVE reliable (oid) AS MATERIALIZED (
{% include 'security/who_is_trusted.sql' %}
), me (oid) AS (
  SELECT oid FROM pg_roles WHERE rolname = session_user AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls)
), reachable (schema) AS (
  SELECT n.nspname::text
  FROM pg_namespace AS n CROSS JOIN me
  WHERE n.nspname = ANY ({{ path | literal }}::text[] || {{ qualifiers | literal }}::text[] || {{ schemas | literal }}::text[]) AND (
    CASE WHEN n.nspowner::regrole::text = 'pg_database_owner'
      THEN (SELECT datdba FROM pg_database WHERE datname = current_database()) ELSE n.nspowner END NOT IN (SELECT oid FROM reliable)
    OR EXISTS (
      SELECT FROM aclexplode(n.nspacl) AS a
      WHERE a.privilege_type = 'CREATE' AND a.grantee <> n.nspowner AND a.grantee NOT IN (SELECT oid FROM reliable)
        AND (a.grantee <> 0 OR EXISTS (SELECT FROM pg_roles AS r WHERE r.rolname !~ '^pg_' AND r.oid NOT IN (SELECT oid FROM reliable)))))
), touched (oid) AS (
  SELECT c.oid
  FROM unnest({{ schemas | literal }}::text[], {{ relations | literal }}::text[]) AS named (schema, name)
  JOIN pg_class AS c ON c.relname = named.name
  JOIN pg_namespace AS n ON n.oid = c.relnamespace AND (n.nspname = named.schema OR named.schema = '' AND n.nspname = ANY ({{ path | literal }}::text[]))
  UNION
  SELECT d.refobjid
  FROM touched
  JOIN pg_rewrite AS r ON r.ev_class = touched.oid
  JOIN pg_depend AS d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> r.ev_class
), relations (oid, written) AS (
  SELECT oid, false FROM touched WHERE oid >= 16384
), operator (oid, owner, function) AS (
  SELECT o.oid, o.oprowner, o.oprcode FROM pg_operator AS o
  WHERE o.oid >= 16384 AND (o.oprname = ANY ({{ names | literal }}::text[]) OR o.oprname IN ('=', '<>', '<', '>', '<=', '>='))
), function (oid, owner, name, given) AS (
  SELECT p.oid, p.proowner, p.oid::regprocedure::text, {% include 'security/runs_given.sql' %}

  FROM pg_proc AS p WHERE p.proname = ANY ({{ names | literal }}::text[]) OR p.oid IN (SELECT operator.function FROM operator)
), refused (what) AS (
  SELECT code || ' of ' || owner FROM (
{% with made = false %}
{% include 'security/foreign_code.sql' %}
{% endwith %}
  ) AS foreign_code
  UNION
  SELECT 'function ' || name || ' of ' || pg_get_userbyid(owner) FROM function WHERE given OR owner NOT IN (SELECT oid FROM reliable)
  UNION
  SELECT 'operator ' || oid::regoperator || ' of ' || pg_get_userbyid(owner) FROM operator WHERE owner NOT IN (SELECT oid FROM reliable)
  UNION
  SELECT 'type ' || t.oid::regtype || ' of ' || pg_get_userbyid(t.typowner) FROM pg_type AS t
  WHERE t.typname = ANY ({{ types | literal }}::text[]) AND t.typowner NOT IN (SELECT oid FROM reliable)
  UNION
  -- its definition, or where it leads to, is planned as well
  SELECT c.oid::regclass || ' of ' || pg_get_userbyid(c.relowner) FROM touched JOIN pg_class AS c USING (oid)
  WHERE c.relowner NOT IN (SELECT oid FROM reliable)
    AND (c.relkind IN ('v', 'f') OR EXISTS (SELECT FROM pg_rewrite AS r WHERE r.ev_class = c.oid AND c.relkind <> 'm'))
  UNION
  SELECT 'what others may make in the schema ' || quote_ident(schema) FROM reachable
  WHERE schema = ANY ({{ qualifiers | literal }}::text[]) OR EXISTS (
    SELECT FROM unnest({{ schemas | literal }}::text[], {{ relations | literal }}::text[]) AS named (schema, name)
    WHERE named.schema = reachable.schema AND NOT EXISTS (
      SELECT FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = named.schema AND c.relname = named.name))
  UNION
  -- whoever owns a table can make something else of it
  SELECT 'what is made of ' || c.oid::regclass || ' by ' || pg_get_userbyid(c.relowner)
  FROM me CROSS JOIN touched JOIN pg_class AS c ON c.oid = touched.oid
  WHERE c.relowner NOT IN (SELECT oid FROM reliable) AND c.relowner NOT IN (
    SELECT own.relowner FROM pg_class AS own JOIN pg_namespace AS n ON n.oid = own.relnamespace
    WHERE n.nspname = {{ right.schema | literal }} AND own.relname = {{ right.name | literal }})
)
SELECT
  ARRAY(
    SELECT schema FROM unnest({{ path | literal }}::text[]) WITH ORDINALITY AS given (schema, place)
    WHERE schema NOT IN (SELECT schema FROM reachable) ORDER BY place) AS safe,
  (SELECT coalesce(jsonb_object_agg(alone.name, alone.schema), '{}') FROM (
    SELECT DISTINCT ON (named.name) named.name, n.nspname::text
    FROM unnest({{ schemas | literal }}::text[], {{ relations | literal }}::text[]) AS named (schema, name)
    JOIN pg_class AS c ON c.relname = named.name
    JOIN pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = ANY ({{ path | literal }}::text[])
    WHERE named.schema = ''
    ORDER BY named.name, array_position({{ path | literal }}::text[], n.nspname::text)) AS alone (name, schema)) AS places,
  (SELECT string_agg(what, ', ' ORDER BY what) FROM refused) AS refused,
  EXISTS (
    SELECT FROM pg_proc AS p WHERE p.provolatile = 'v' AND p.oid IN (
      SELECT function.oid FROM function
      UNION ALL
      SELECT (regexp_matches(r.ev_action::text, ':(?:funcid|opfuncid) (\d+)', 'g'))[1]::oid
      FROM touched JOIN pg_class AS c USING (oid) JOIN pg_rewrite AS r ON r.ev_class = c.oid WHERE c.relkind = 'v')) AS volatile
