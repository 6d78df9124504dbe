{## The code that would run with the rights of this session, and that belongs to a role which this session does
    not trust, when rows of some tables are read whole, hashed, printed, inserted, updated, deleted or validated,
    or when such tables are made anew: a SELECT without its semicolon of (object, code, owner), three texts.

    The statement around it says which tables by a WITH item of this name (its partitions and heirs come along;
    `written` is whether this session writes to them, so that triggers, rules and cascades count):

      WITH relations (oid, written) AS (SELECT to_regclass('public.t')::oid, true)
      SELECT * FROM ( include of this file ) AS foreign_code

    What can be named by a text is read off the expressions themselves, since pg_depend knows nothing of
    PostgreSQL's own functions. Of those a few run SQL that they are given, or may do what the owner of the table
    may not. A type whose owner is not trusted can get a check or another function later, without a lock on the
    table; an enum can't, but casts. A definition that is said again, as that of a view by the swap, makes values
    of such types when it is parsed. The owner of a schema can put another table or function in the place of any.
    What the owner of a table that is trusted has put on it is trusted, too, unless the table was `made` of a
    definition; but not what others have made that reads it, with values of their types.
    Policies are not asked for: row_security is off, so none is ever applied. -##}
WITH RECURSIVE trusted AS MATERIALIZED (
{% include 'security/trusted_roles.sql' %}
), tree (oid, written) AS (
  SELECT oid, written FROM relations WHERE oid IS NOT NULL
  UNION
  SELECT i.inhrelid, tree.written FROM tree JOIN pg_inherits AS i ON i.inhparent = tree.oid
), relation AS MATERIALIZED (
  SELECT c.oid, c.relkind, c.relowner, c.relnamespace, bool_or(tree.written) AS written,
    c.relowner NOT IN (SELECT oid FROM trusted) AS foreign_owned
  FROM tree JOIN pg_class AS c USING (oid)
  GROUP BY c.oid, c.relkind, c.relowner, c.relnamespace
), fired AS (
  -- a statement fires the statement triggers of the table that it names, and of no partition, but for a TRUNCATE
  SELECT t.*
  FROM relation JOIN pg_trigger AS t ON t.tgrelid = relation.oid
  WHERE relation.written AND t.tgenabled <> 'D' AND (t.tgtype & 33 <> 0 OR t.tgrelid IN (SELECT oid FROM relations))
), expression (classid, objid, relation, tree) AS MATERIALIZED (
  SELECT 'pg_attrdef'::regclass::oid, d.oid, d.adrelid, d.adbin::text
  FROM relation JOIN pg_attrdef AS d ON d.adrelid = relation.oid
  UNION ALL
  SELECT 'pg_constraint'::regclass, c.oid, c.conrelid, c.conbin::text
  FROM relation JOIN pg_constraint AS c ON c.conrelid = relation.oid
  UNION ALL
  SELECT 'pg_class'::regclass, i.indexrelid, i.indrelid, concat_ws(' ', i.indexprs::text, i.indpred::text)
  FROM relation JOIN pg_index AS i ON i.indrelid = relation.oid
  UNION ALL
  SELECT 'pg_class'::regclass, p.partrelid, p.partrelid, p.partexprs::text
  FROM relation JOIN pg_partitioned_table AS p ON p.partrelid = relation.oid
  UNION ALL
  SELECT 'pg_statistic_ext'::regclass, s.oid, s.stxrelid, s.stxexprs::text
  FROM relation JOIN pg_statistic_ext AS s ON s.stxrelid = relation.oid
  UNION ALL
  SELECT 'pg_trigger'::regclass, t.oid, t.tgrelid, t.tgqual::text FROM fired AS t
), dependent (classid, objid, relation) AS MATERIALIZED (
  SELECT DISTINCT d.classid, d.objid, d.refobjid
  FROM relation
  JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = relation.oid
    AND d.classid IN ('pg_rewrite'::regclass, 'pg_policy'::regclass, 'pg_proc'::regclass)
), type (oid, classid, objid, objsubid, relation) AS (
  SELECT a.atttypid, 'pg_class'::regclass::oid, a.attrelid, a.attnum::integer, a.attrelid
  FROM relation
  JOIN pg_attribute AS a ON a.attrelid = relation.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid >= 16384
  UNION
  SELECT d.refobjid, e.classid, e.objid, 0, e.relation
  FROM (
    SELECT classid, objid, relation FROM expression UNION SELECT * FROM dependent
    -- said again by the swap, fired or not
    UNION SELECT 'pg_trigger'::regclass, t.oid, t.tgrelid FROM relation JOIN pg_trigger AS t ON t.tgrelid = relation.oid AND t.tgqual IS NOT NULL
  ) AS e
  JOIN pg_depend AS d ON d.classid = e.classid AND d.objid = e.objid AND d.refclassid = 'pg_type'::regclass
  UNION
  SELECT part.oid, type.classid, type.objid, type.objsubid, type.relation
  FROM type
  JOIN pg_type AS t ON t.oid = type.oid
  CROSS JOIN LATERAL (
    SELECT t.typbasetype UNION ALL SELECT t.typelem
    UNION ALL SELECT r.rngsubtype FROM pg_range AS r WHERE r.rngtypid = t.oid
    UNION ALL SELECT r.rngtypid FROM pg_range AS r WHERE r.rngmultitypid = t.oid
    UNION ALL SELECT a.atttypid FROM pg_attribute AS a
      WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
  ) AS part (oid)
  WHERE part.oid >= 16384
), family (oid, classid, objid, relation) AS (
  SELECT DISTINCT o.opcfamily, used.classid, used.objid, used.relation
  FROM (
    SELECT 'pg_class'::regclass::oid, i.indexrelid, i.indrelid, unnest(i.indclass::oid[])
    FROM relation JOIN pg_index AS i ON i.indrelid = relation.oid
    UNION ALL
    SELECT 'pg_class'::regclass, p.partrelid, p.partrelid, unnest(p.partclass::oid[])
    FROM relation JOIN pg_partitioned_table AS p ON p.partrelid = relation.oid
  ) AS used (classid, objid, relation, class)
  JOIN pg_opclass AS o ON o.oid = used.class AND o.oid >= 16384
), operator (oid, classid, objid, relation) AS (
  SELECT (regexp_matches(e.tree, ':opno (\d+)', 'g'))[1]::oid, e.classid, e.objid, e.relation FROM expression AS e
  UNION ALL
  SELECT unnest(c.conpfeqop || c.conppeqop || c.conffeqop || c.conexclop), 'pg_constraint'::regclass, c.oid, c.conrelid
  FROM relation JOIN pg_constraint AS c ON c.conrelid = relation.oid
  UNION ALL
  SELECT p.amopopr, family.classid, family.objid, family.relation
  FROM family JOIN pg_amop AS p ON p.amopfamily = family.oid
), called (function, classid, objid, objsubid, relation, of_type) AS (
  SELECT (regexp_matches(e.tree, ':(?:funcid|opfuncid) (\d+)', 'g'))[1]::oid, e.classid, e.objid, 0, e.relation, false
  FROM expression AS e
  UNION
  SELECT d.refobjid, e.classid, e.objid, 0, e.relation, false
  FROM expression AS e
  JOIN pg_depend AS d ON d.classid = e.classid AND d.objid = e.objid AND d.refclassid = 'pg_proc'::regclass
  UNION
  SELECT unnest(ARRAY[o.oprcode, o.oprrest, o.oprjoin]::oid[]), used.classid, used.objid, 0, used.relation, false
  FROM operator AS used JOIN pg_operator AS o ON o.oid = used.oid
  UNION
  SELECT p.amproc, family.classid, family.objid, 0, family.relation, false
  FROM family JOIN pg_amproc AS p ON p.amprocfamily = family.oid
  UNION
  SELECT t.tgfoid, 'pg_trigger'::regclass, t.oid, 0, t.tgrelid, false FROM fired AS t
  UNION
  SELECT of_type.function, type.classid, type.objid, type.objsubid, type.relation, true
  FROM type
  JOIN pg_type AS t ON t.oid = type.oid
  CROSS JOIN LATERAL (
    SELECT unnest(ARRAY[t.typinput, t.typoutput, t.typreceive, t.typsend, t.typmodin, t.typmodout]::oid[])
    UNION ALL SELECT unnest(ARRAY[r.rngcanonical, r.rngsubdiff]::oid[]) FROM pg_range AS r WHERE r.rngtypid = t.oid
    UNION ALL SELECT c.castfunc FROM pg_cast AS c WHERE t.oid IN (c.castsource, c.casttarget)
    UNION ALL SELECT (regexp_matches(k.conbin::text, ':(?:funcid|opfuncid) (\d+)', 'g'))[1]::oid
      FROM pg_constraint AS k WHERE k.contypid = t.oid
  ) AS of_type (function)
  WHERE of_type.function >= 16384
), found (classid, objid, objsubid, relation, code, owner, of_reader) AS (
  SELECT DISTINCT called.classid, called.objid, called.objsubid, called.relation,
    'function ' || p.oid::regprocedure,
    CASE WHEN p.proowner IN (SELECT oid FROM trusted) THEN relation.relowner ELSE p.proowner END,
    called.of_type AND p.proowner NOT IN (SELECT oid FROM trusted)
  FROM called
  JOIN relation ON relation.oid = called.relation
  JOIN pg_proc AS p ON p.oid = called.function
  WHERE p.proowner NOT IN (SELECT oid FROM trusted)
    -- not that of a trigger, but what its WHEN calls
    OR p.prorettype <> 'trigger'::regtype AND (
      NOT has_function_privilege(relation.relowner, p.oid, 'EXECUTE')
      OR {% include 'security/runs_given.sql' %}

      -- a default is not asked for: each column is given its value
      OR p.oid < 16384 AND p.proname = 'nextval' AND called.classid <> 'pg_attrdef'::regclass
      -- dblink(text), cron.schedule(text, text): it is given what it runs
      OR p.oid >= 16384 AND p.provolatile = 'v' AND p.proargtypes::oid[] && ARRAY['text', 'varchar', 'cstring']::regtype[]::oid[]
        AND EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'))
  UNION ALL
  SELECT type.classid, type.objid, type.objsubid, type.relation, 'type ' || t.oid::regtype, t.typowner, true
  FROM type
  JOIN pg_type AS t ON t.oid = type.oid
  WHERE t.typtype IN ('c', 'd', 'm', 'r') AND t.typowner NOT IN (SELECT oid FROM trusted)
  UNION ALL
  SELECT d.classid, d.objid, 0, d.relation, 'function ' || p.oid::regprocedure, p.proowner, true
  FROM dependent AS d
  JOIN pg_proc AS p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid
  WHERE p.proowner NOT IN (SELECT oid FROM trusted)
  UNION ALL
  SELECT 'pg_rewrite'::regclass, r.oid, 0, r.ev_class, 'the statements of the rule ' || quote_ident(r.rulename), relation.relowner, false
  FROM relation JOIN pg_rewrite AS r ON r.ev_class = relation.oid
  WHERE relation.written AND r.ev_enabled <> 'D'
  UNION ALL
  SELECT 'pg_class'::regclass, relation.oid, 0, relation.oid, 'its query or server', relation.relowner, false
  FROM relation WHERE relation.relkind NOT IN ('r', 'p', 'm')
  UNION ALL
  SELECT 'pg_constraint'::regclass, c.oid, 0, c.confrelid, 'what it sets off in ' || c.conrelid::regclass, r.relowner, false
  FROM relation
  JOIN pg_constraint AS c ON c.confrelid = relation.oid AND c.contype = 'f'
  JOIN pg_class AS r ON r.oid = c.conrelid
  WHERE relation.written AND (c.confdeltype NOT IN ('a', 'r') OR c.confupdtype NOT IN ('a', 'r'))
    AND c.conrelid NOT IN (SELECT oid FROM relation) AND r.relowner NOT IN (SELECT oid FROM trusted)
  UNION ALL
  SELECT 'pg_namespace'::regclass, n.oid, 0, relation.oid, 'whatever is put in the place of the table', owner.oid, false
  FROM relation
  JOIN pg_namespace AS n ON n.oid = relation.relnamespace
  CROSS JOIN LATERAL (
    SELECT CASE WHEN n.nspowner::regrole::text = 'pg_database_owner'
      THEN (SELECT datdba FROM pg_database WHERE datname = current_database()) ELSE n.nspowner END
  ) AS owner (oid)
  WHERE owner.oid NOT IN (SELECT oid FROM trusted)
)
-- a partition has what the whole has: each is named once
SELECT DISTINCT ON (found.code, found.owner)
  pg_describe_object(found.classid, found.objid, found.objsubid) AS object,
  found.code,
  pg_get_userbyid(found.owner)::text AS owner
FROM found
JOIN relation ON relation.oid = found.relation{% if not made %} AND (relation.foreign_owned
  -- what reads a table may be anybody's, and so may a trigger; those of partitions are not said again
  OR found.classid IN ('pg_rewrite'::regclass, 'pg_policy'::regclass, 'pg_proc'::regclass, 'pg_trigger'::regclass)
    AND found.of_reader AND found.relation IN (SELECT oid FROM relations)){% endif %}

LEFT JOIN relations ON relations.oid = found.relation
ORDER BY found.code, found.owner, relations.oid NULLS LAST, found.classid, found.objid, found.objsubid
