{## Whether a statement can be planned with the rights of this session: `refused` is code of roles that it does not trust,
    which the planner could call, as it computes what is constant; null if there is none. `volatile`: whether it may
    call what is not the same each time. Asked by name, in whatever schema, so that no search path matters: `names` are
    all that the statement says, `types` those of them that are types, `schemas` and `relations` its tables. -##}
WITH RECURSIVE reliable (oid) AS MATERIALIZED (
{% include 'security/who_is_trusted.sql' %}
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
)
SELECT
  (SELECT string_agg(what, ', ' ORDER BY what) FROM refused) AS refused,
  EXISTS (SELECT FROM function JOIN pg_proc AS p USING (oid) WHERE p.provolatile = 'v') AS volatile
