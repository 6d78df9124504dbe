{## What the plan makes of each column, beside what it is: a SELECT without its semicolon, in a block that knows `source`.
    `reading` computes the new value of the row `r`, where one can be lost; `is_lost` asks of a row whether it is; `runs` is what
    of the plan would be run. -##}
SELECT
  change.*, a.attnum, a.attgenerated, a.attnotnull, a.attacl, a.atttypid AS old, change.type_oid AS new, type.*,
  (SELECT typstorage FROM pg_type WHERE oid = coalesce(change.type_oid, a.atttypid)) <> 'p' AS can_be_large,
  (SELECT string_agg(DISTINCT c.oid::regclass::text, ', ') FROM (
    WITH RECURSIVE shows (oid) AS (
      SELECT w.ev_class FROM pg_depend AS d JOIN pg_rewrite AS w ON d.classid = 'pg_rewrite'::regclass AND w.oid = d.objid
      WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = whole.oid AND d.refobjsubid = a.attnum
      UNION
      SELECT w.ev_class FROM shows JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = shows.oid
      JOIN pg_rewrite AS w ON d.classid = 'pg_rewrite'::regclass AND w.oid = d.objid
    ) SELECT oid FROM shows) AS shown JOIN pg_class AS c ON c.oid = shown.oid AND c.relkind = 'v') AS views,
  (SELECT string_agg(quote_ident(g.attname), ', ') FROM pg_depend AS d
   JOIN pg_attrdef AS e ON d.classid = 'pg_attrdef'::regclass AND e.oid = d.objid
   JOIN pg_attribute AS g ON g.attrelid = e.adrelid AND g.attnum = e.adnum AND g.attgenerated <> ''
   WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = whole.oid AND d.refobjsubid = a.attnum AND g.attnum <> a.attnum) AS generated,
  (SELECT string_agg(DISTINCT d.objid::regprocedure::text, ', ') FROM pg_depend AS d
   WHERE d.classid = 'pg_proc'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = whole.oid AND d.refobjsubid = a.attnum) AS functions,
  -- what goes with a column that is dropped; its own default, its NOT NULL and the type of the row do
  (SELECT {% include 'tables/listed.sql' %} FROM (
     SELECT DISTINCT pg_describe_object(d.classid, d.objid, d.objsubid) AS name FROM pg_depend AS d
     LEFT JOIN pg_attrdef AS e ON d.classid = 'pg_attrdef'::regclass AND e.oid = d.objid AND e.adrelid = whole.oid AND e.adnum = a.attnum
     LEFT JOIN pg_constraint AS n ON d.classid = 'pg_constraint'::regclass AND n.oid = d.objid AND n.contype = 'n'
     WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = whole.oid AND d.refobjsubid = a.attnum AND e.oid IS NULL AND n.oid IS NULL
       AND NOT (d.classid = 'pg_class'::regclass AND EXISTS (SELECT FROM pg_class AS toast WHERE toast.oid = d.objid AND toast.relkind = 't'))
   ) AS listed) AS bound,
  (SELECT string_agg(format('%s (at %s, to %s)', s.seqrelid::regclass, coalesce(at.value, s.seqstart), s.seqmax), ', ' ORDER BY s.seqrelid::regclass::text)
   FROM pg_depend AS d JOIN pg_sequence AS s ON s.seqrelid = d.objid
   CROSS JOIN LATERAL (SELECT CASE WHEN has_sequence_privilege(s.seqrelid, 'SELECT, USAGE') THEN pg_sequence_last_value(s.seqrelid) END) AS at (value)
   CROSS JOIN LATERAL (SELECT
     CASE s.seqtypid WHEN 'int2'::regtype THEN 32767 WHEN 'int4'::regtype THEN 2147483647 ELSE 9223372036854775807 END AS was,
     CASE change.type_oid WHEN 'int2'::regtype THEN 32767 WHEN 'int4'::regtype THEN 2147483647 ELSE 9223372036854775807 END AS will) AS most
   WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
     AND d.refobjid = whole.oid AND d.refobjsubid = a.attnum AND change.type_oid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)
     AND (NOT coalesce(at.value, s.seqstart) BETWEEN -most.will - 1 AND most.will
       OR s.seqmax <> most.was AND s.seqmax > most.will OR s.seqmin <> -most.was - 1 AND s.seqmin < -most.will - 1)) AS beyond,
  a.attname = ANY ({{ facts.key | map(attribute='name') | list | literal }}::text[]) AS is_key,
  a.attname = ANY ({{ facts.key | map(attribute='name') | list | literal }}::text[])
    OR EXISTS (SELECT FROM pg_constraint AS f WHERE f.contype = 'f' AND (
      f.confrelid = whole.oid AND a.attnum = ANY (f.confkey) OR f.conrelid = whole.oid AND a.attnum = ANY (f.conkey))) AS compared,
  {% include 'tables/comparable.sql' %} AS comparable,
  a.atttypid < 16384 AND change.type_oid < 16384 AND (
    a.atttypid = change.type_oid OR (SELECT typcategory FROM pg_type WHERE oid = change.type_oid) = 'S'
    OR EXISTS (SELECT FROM pg_cast WHERE castsource = a.atttypid AND casttarget = change.type_oid AND castcontext IN ('a', 'i'))) AS can_be_cast,
  EXISTS (
    SELECT FROM pg_cast AS c JOIN pg_proc AS f ON f.oid = c.castfunc AND f.provolatile <> 'i'
    WHERE (c.castsource, c.casttarget) IN ((a.atttypid, change.type_oid), (change.type_oid, a.atttypid))) AS by_settings,
  CASE
    WHEN change.expression IS NOT NULL THEN format(E'(SELECT CAST((%s\n) AS %s) FROM (SELECT r.*) AS r)', change.expression, type.new_type)
    WHEN change.dropped AND change.default_value IS NOT NULL THEN format(E'CAST((%s\n) AS %s)', change.default_value, format_type(a.atttypid, -1))
  END AS runs,
  concat(change.expression, ' ', change.default_value) ~ '[.]\s*[^0-9\s]' AS runs_others,
  NULL::text AS told,
  CASE
    WHEN change.dropped THEN 'is dropped'
    WHEN change.expression IS NOT NULL THEN type.new_type || ' is new'
    WHEN change.type_oid IS NOT NULL THEN format('%s becomes %s', type.old_type, type.new_type)
    ELSE concat_ws(', ', 'storage ' || change.storage, 'compression ' || change.compression)
  END AS becomes,
  CASE
    WHEN change.expression IS NOT NULL THEN format(E'(SELECT CAST((%s\n) AS %s) FROM (SELECT r.*) AS r)', change.expression, type.new_type)
    WHEN change.dropped OR type.new_type = type.old_type OR type.is_widened OR change.type_oid IS NULL THEN NULL
    ELSE format('CAST(CAST(r.%I AS %s) AS %s)', change.name, type.new_bare, type.new_type)
  END AS reading,
  CASE
    WHEN change.expression IS NOT NULL THEN format(E'(SELECT CAST((%s\n) AS %s) FROM (SELECT r.*) AS r) IS NULL%s', change.expression, type.new_type,
      CASE WHEN NOT change.not_null THEN ' AND false' ELSE '' END)
    ELSE format('ROW(CAST(CAST(CAST(CAST(r.%I AS %s) AS %s) AS %s) AS %s))::text COLLATE "C" <> ROW(r.%1$I)::text COLLATE "C"',
      change.name, type.new_bare, type.new_type, type.old_bare, type.old_type)
  END AS is_lost
FROM (
{% include 'facts/fragments/changed_columns.sql' %}
) AS change
CROSS JOIN (SELECT source::oid) AS whole (oid)
LEFT JOIN pg_attribute AS a ON a.attrelid = whole.oid AND a.attname = change.name AND a.attnum > 0 AND NOT a.attisdropped
CROSS JOIN LATERAL (
  SELECT format_type(a.atttypid, a.atttypmod) AS old_type, format_type(a.atttypid, -1) AS old_bare, change.bare AS new_bare, change.type_name AS new_type,
    {% include 'tables/is_widened.sql' %} AS is_widened
) AS type
WHERE source IS NOT NULL
ORDER BY change.name
