-- Whether every row has a place in the new table: has a key, and no reference that dangles. Reads the
-- whole table once for the key, and once for each foreign key. What can't be read is not counted, so
-- that the other checks are heard, too.
{% with written = [], read = [source], called = [] %}
{% include 'security/ask_foreign_code.sql' %}
{% endwith %}

DO $executor$
DECLARE
  source regclass := (
    SELECT oid FROM pg_class
    WHERE oid = to_regclass({{ source | literal }}) AND relkind IN ('r', 'p')
      AND has_table_privilege(oid, 'SELECT') AND NOT row_security_active(oid)
      AND current_setting('executor.foreign_code') = '');
  findings jsonb := '[]';
  item record;
  counted bigint;
BEGIN
  FOR item IN
    SELECT
      format('rows without %I', attname) AS subject,
      'they have no partition; give them a value, or delete them' AS advice,
      format('SELECT count(*) FROM %s WHERE %I IS NULL', source, attname) AS query
    FROM pg_attribute
    WHERE attrelid = source AND attname = {{ key_column | literal }} AND attnum > 0 AND NOT attisdropped
    UNION ALL
    SELECT
      format('orphans of %I', f.conname),
      format('rows that reference nothing in %s; mend or delete them', f.confrelid::regclass),
      format('SELECT count(*) FROM %s AS c WHERE %s AND NOT EXISTS (SELECT FROM %s AS r WHERE %s)',
        source, string_agg(format('c.%I IS NOT NULL', c.attname), ' AND '), f.confrelid::regclass,
        string_agg(format('r.%I OPERATOR(%I.%s) c.%I', r.attname, n.nspname, o.oprname, c.attname), ' AND '))
    FROM pg_constraint AS f
    CROSS JOIN LATERAL unnest(f.conkey, f.confkey, f.conpfeqop) AS pair (own, referenced, operator)
    JOIN pg_attribute AS c ON c.attrelid = f.conrelid AND c.attnum = pair.own
    JOIN pg_attribute AS r ON r.attrelid = f.confrelid AND r.attnum = pair.referenced
    JOIN pg_operator AS o ON o.oid = pair.operator
    JOIN pg_namespace AS n ON n.oid = o.oprnamespace
    WHERE f.conrelid = source AND f.contype = 'f' AND f.conparentid = 0
      AND to_jsonb(f) ->> 'conenforced' IS DISTINCT FROM 'false'
      AND has_table_privilege(f.confrelid, 'SELECT')
    GROUP BY f.oid, f.conname, f.confrelid
{% for index in facts.indexes if index.of_leaves and index.unique and not index.partial and none not in index.columns %}
    UNION ALL
    SELECT
      {{ ('values of ' ~ index.columns | join(', ') ~ ' that are there twice') | literal }},
      {{ ('every partition has them unique by itself (' ~ index.name ~ '), and the new ones may not; change or delete such rows') | literal }},
      format('SELECT count(*) FROM (SELECT FROM %s WHERE ROW(%s) IS NOT NULL GROUP BY %2$s HAVING count(*) > 1) AS twice',
        source, (SELECT string_agg(quote_ident(name), ', ') FROM unnest({{ index.columns | literal }}::text[]) AS name))
    WHERE source IS NOT NULL
{% endfor %}
  LOOP
    EXECUTE item.query INTO counted;
    findings := findings || jsonb_build_object('subject', item.subject, 'advice', item.advice, 'rows', counted);
  END LOOP;
  PERFORM set_config('executor.findings', findings::text, true);
END
$executor$;

SELECT 'rows' AS subject, 'readable' AS expected,
  CASE
    WHEN source.oid IS NULL THEN 'no table yet'
    WHEN readable.is_so THEN 'readable'
    ELSE 'not readable, so not counted; run the plan as the owner'
  END AS actual,
  source.oid IS NULL OR readable.is_so AS passed
FROM (SELECT to_regclass({{ source | literal }}) AS oid) AS source
CROSS JOIN LATERAL (
  SELECT has_table_privilege(source.oid, 'SELECT') AND NOT row_security_active(source.oid)
    AND current_setting('executor.foreign_code') = ''
) AS readable (is_so)
UNION ALL
SELECT subject, '0', CASE rows WHEN 0 THEN '0' ELSE format('%s: %s', rows, advice) END, rows = 0
FROM jsonb_to_recordset(current_setting('executor.findings')::jsonb)
  AS finding (subject text, advice text, rows bigint)
