-- Whether every row has a place in the new table: has a key, no reference that dangles, and passes its constraints and
-- index expressions still. Reads the whole table once for the key, unless it is NOT NULL, and once for each foreign key
-- and each expression whose answer may have changed since the row was written: rows that refer to nothing come in
-- past a valid foreign key, where triggers are disabled. What can't be read is not counted, so that the other checks are
-- heard, too.
{% with written = [], read = [source], called = [] %}
{% include 'security/ask_foreign_code.sql' %}
{% endwith %}

{% from 'layout/' ~ layout ~ '/shape.sql' import key_columns with context %}
DO $executor$
DECLARE
  source regclass := (
    SELECT oid FROM pg_class
    WHERE oid = to_regclass({{ source | literal }}) AND relkind IN ('r', 'p')
      AND has_table_privilege(oid, 'SELECT') AND NOT row_security_active(oid)
      AND current_setting('executor.foreign_code') = '');
  -- by the number of the table that is referred to: code that even looking a key up would run
  strange jsonb := (
    SELECT coalesce(jsonb_object_agg(f.confrelid, found.code) FILTER (WHERE found.code IS NOT NULL), '{}')
    FROM pg_constraint AS f
    CROSS JOIN LATERAL (SELECT {% include 'security/foreign_plans.sql' %} FROM (SELECT f.confrelid) AS looked_up (oid)) AS found (code)
    WHERE f.conrelid = to_regclass({{ source | literal }}) AND f.contype = 'f' AND f.conparentid = 0);
  findings jsonb := (
    SELECT jsonb_build_array(jsonb_build_object('subject', 'tables that foreign keys refer to', 'expected', 'without code of others',
      'passed', count(listed.name) = 0, 'actual', coalesce({% include 'tables/listed.sql' %}
        || ' would run with the rights of this role, and in every check of the keys: let its owner drop what calls it', 'without code of others')))
    FROM jsonb_each_text(strange) AS listed (number, name));
  item record;
  counted bigint;
  said text;
BEGIN
  FOR item IN
    WITH expression (classid, objid, attnum, kind, name, printed, tree, filter) AS (
      SELECT 'pg_constraint'::regclass::oid, c.oid, 0::smallint, CASE WHEN c.convalidated THEN 'check' ELSE 'new check' END, quote_ident(c.conname),
        pg_get_expr(c.conbin, c.conrelid), c.conbin::text, NULL
      FROM pg_constraint AS c
      WHERE c.conrelid = source AND c.contype = 'c' AND to_jsonb(c) ->> 'conenforced' IS DISTINCT FROM 'false'
      UNION ALL
      SELECT 'pg_attrdef'::regclass, d.oid, d.adnum, 'column', quote_ident(a.attname), pg_get_expr(d.adbin, d.adrelid), d.adbin::text, NULL
      FROM pg_attrdef AS d JOIN pg_attribute AS a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
      WHERE d.adrelid = source AND a.attgenerated = 's'
      UNION ALL
      SELECT 'pg_class'::regclass, i.indexrelid, 0, 'index', i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid, place, false),
        i.indexprs::text, pg_get_expr(i.indpred, i.indrelid)
      FROM pg_index AS i CROSS JOIN generate_series(1, i.indnkeyatts) AS place
      WHERE i.indrelid = source AND i.indkey[place - 1] = 0
      UNION ALL
      SELECT 'pg_class'::regclass, i.indexrelid, 0, 'index', i.indexrelid::regclass::text, pg_get_expr(i.indpred, i.indrelid), i.indpred::text, NULL
      FROM pg_index AS i WHERE i.indrelid = source AND i.indpred IS NOT NULL
      UNION ALL
      SELECT 'pg_statistic_ext'::regclass, s.oid, 0, 'statistics', quote_ident(s.stxname), printed, s.stxexprs::text, NULL
      FROM pg_statistic_ext AS s CROSS JOIN unnest(pg_get_statisticsobjdef_expressions(s.oid)) AS printed
      WHERE s.stxrelid = source AND s.stxexprs IS NOT NULL
    ), may_differ AS (
      -- all that is PostgreSQL's own and immutable says today what it said
      SELECT e.*, called.functions
      FROM expression AS e
      CROSS JOIN LATERAL (
        SELECT
          bool_or(p.oid >= 16384 OR p.provolatile <> 'i'),
          string_agg(DISTINCT p.oid::regprocedure::text, ', ') FILTER (
            WHERE p.oid >= 16384 AND l.lanname NOT IN ('c', 'internal')
              AND NOT EXISTS (SELECT FROM unnest(p.proconfig) AS setting WHERE starts_with(setting, 'search_path=')))
        FROM regexp_matches(e.tree, ':(?:funcid|opfuncid) (\d+)', 'g') AS found (id)
        JOIN pg_proc AS p ON p.oid = found.id[1]::oid
        JOIN pg_language AS l ON l.oid = p.prolang
      ) AS called (differ, functions)
      WHERE called.differ OR e.tree ~ '\{(SQLVALUEFUNCTION|COERCEVIAIO|COERCETODOMAIN) '
    )
    SELECT
      format('rows without %I', attname) AS subject,
      '0' AS expected,
      'they have no partition; give them a value, or delete them' AS advice,
      -- PostgreSQL sees to it, unless the constraint is not valid yet, or children need not have it
      CASE WHEN attnotnull AND NOT EXISTS (
          SELECT FROM pg_constraint AS c
          WHERE c.conrelid = attrelid AND c.contype = 'n' AND attnum = ANY (c.conkey) AND (NOT c.convalidated OR c.connoinherit))
        AND ((SELECT relkind FROM pg_class WHERE oid = source) = 'p' OR NOT EXISTS (SELECT FROM pg_inherits WHERE inhparent = source))
        THEN 'SELECT 0'
        ELSE format('SELECT count(*) FROM %s WHERE %I IS NULL', source, attname) END AS query,
      NULL AS functions
    FROM pg_attribute
    WHERE attrelid = source AND attname = ANY ({{ key_columns | literal }}::text[]) AND attnum > 0 AND NOT attisdropped
    UNION ALL
    SELECT
      CASE kind WHEN 'new check' THEN 'CHECK' WHEN 'check' THEN 'CHECK' WHEN 'column' THEN 'generated column' ELSE kind END || ' ' || name,
      CASE kind WHEN 'check' THEN 'holds for every row' WHEN 'column' THEN 'has what its expression makes' ELSE 'can be computed for every row' END,
      CASE kind WHEN 'column' THEN format('rows have something else, and the copy computes it again; so UPDATE them SET %I = %1$I', (
          -- an UPDATE computes it again if it sets one of these
          SELECT a.attname FROM pg_depend AS d JOIN pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid AND a.attgenerated = ''
          WHERE (d.classid = may_differ.classid AND d.objid = may_differ.objid
              -- before PostgreSQL 15
              OR d.classid = 'pg_class'::regclass AND d.objid = source AND d.objsubid = may_differ.attnum)
            AND d.refclassid = 'pg_class'::regclass AND d.refobjid = source
          ORDER BY a.attnum LIMIT 1))
        ELSE format('rows violate it by now, so they can''t be copied; mend or delete them, or DROP CONSTRAINT %s and ADD it NOT VALID', name) END,
      CASE kind
        WHEN 'check' THEN format('SELECT count(*) FROM %s WHERE NOT (%s)', source, printed)
        WHEN 'column' THEN format('SELECT count(*) FROM %s WHERE ROW(%s)::text COLLATE "C" IS DISTINCT FROM ROW(%s)::text COLLATE "C"', source, name, printed)
        -- no value is wrong, but there may be none
        ELSE format('SELECT 0 * count(ROW(%s)) FROM %s%s', printed, source, ' WHERE ' || filter) END,
      coalesce(functions, '')
    FROM may_differ
    UNION ALL
    SELECT
      format('orphans of %I', f.conname),
      '0',
      format('rows that reference nothing in %s; mend or delete them', f.confrelid::regclass),
      format('SELECT count(*) FROM %s AS c WHERE %s AND NOT EXISTS (SELECT FROM %s AS r WHERE %s)',
        source, string_agg(format('c.%I IS NOT NULL', c.attname), ' AND '), f.confrelid::regclass,
        string_agg(format('r.%I OPERATOR(%I.%s) c.%I', r.attname, n.nspname, o.oprname, c.attname), ' AND ')),
      NULL
    FROM pg_constraint AS f
    CROSS JOIN LATERAL unnest(f.conkey, f.confkey, f.conpfeqop) AS pair (own, referenced, operator)
    JOIN pg_attribute AS c ON c.attrelid = f.conrelid AND c.attnum = pair.own
    JOIN pg_attribute AS r ON r.attrelid = f.confrelid AND r.attnum = pair.referenced
    JOIN pg_operator AS o ON o.oid = pair.operator
    JOIN pg_namespace AS n ON n.oid = o.oprnamespace
    JOIN pg_class AS other ON other.oid = f.confrelid
    WHERE f.conrelid = source AND f.contype = 'f' AND f.conparentid = 0
      AND to_jsonb(f) ->> 'conenforced' IS DISTINCT FROM 'false'
      AND has_schema_privilege(other.relnamespace, 'USAGE') AND has_table_privilege(other.oid, 'SELECT') AND NOT row_security_active(other.oid)
      AND NOT strange ? f.confrelid::text
    GROUP BY f.oid, f.conname, f.confrelid
{% include 'layout/' ~ layout ~ '/check_rows.sql' %}
{% for index in facts.indexes if index.of_leaves and index.unique and not index.partial and none not in index.columns %}
    UNION ALL
    SELECT
      {{ ('values of ' ~ index.columns | join(', ') ~ ' that are there twice') | literal }},
      '0',
      {{ ('every partition has them unique by itself (' ~ index.name ~ '), and the new ones may not; change or delete such rows') | literal }},
      format('SELECT count(*) FROM (SELECT FROM %s WHERE ROW(%s) IS NOT NULL GROUP BY %2$s HAVING count(*) > 1) AS twice',
        source, (SELECT string_agg(quote_ident(name), ', ') FROM unnest({{ index.columns | literal }}::text[]) AS name)),
      NULL
    WHERE source IS NOT NULL
{% endfor %}
  LOOP
    said := NULL;
    IF item.functions IS NULL THEN
      EXECUTE item.query INTO counted;
    ELSE
      BEGIN
        EXECUTE item.query INTO counted;
      EXCEPTION
        WHEN lock_not_available OR deadlock_detected OR serialization_failure THEN
          RAISE;
        WHEN undefined_function OR undefined_table OR undefined_column OR undefined_object OR invalid_schema_name THEN
          said := format('%s: it relies on the search_path, and that of the plan is pg_catalog alone. ALTER FUNCTION %s SET search_path = '
                         'the schemas in which it looks', SQLERRM, coalesce(nullif(item.functions, ''), '...'));
        WHEN OTHERS THEN
          said := format('%s. The copy would stop there, too; mend the function, or the rows', SQLERRM);
      END;
    END IF;
    findings := findings || jsonb_build_object('subject', item.subject, 'expected', item.expected, 'passed', said IS NULL AND counted = 0,
      'actual', coalesce(said, CASE WHEN counted > 0 THEN format(CASE item.expected WHEN '0' THEN '%s: %s' ELSE '%s %s' END, counted, item.advice)
        ELSE item.expected END));
  END LOOP;
  PERFORM set_config('executor.findings', findings::text, true);
END
$executor$;

SELECT 'rows' AS subject, 'readable' AS expected,
  CASE
    WHEN source.oid IS NULL THEN 'no table yet'
    WHEN readable.is_so THEN 'readable'
    WHEN current_setting('executor.foreign_code') <> '' THEN 'not counted: that would run the code that is refused, and with the rights of this role'
    ELSE 'not readable, so not counted; run the plan as the owner'
  END AS actual,
  source.oid IS NULL OR readable.is_so AS passed
FROM (SELECT to_regclass({{ source | literal }}) AS oid) AS source
CROSS JOIN LATERAL (
  SELECT has_table_privilege(source.oid, 'SELECT') AND NOT row_security_active(source.oid)
    AND current_setting('executor.foreign_code') = ''
) AS readable (is_so)
UNION ALL
SELECT subject, expected, actual, passed
FROM jsonb_to_recordset(current_setting('executor.findings')::jsonb)
  AS finding (subject text, expected text, actual text, passed boolean)
