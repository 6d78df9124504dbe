-- Whether what reads and writes the table does the same with the new one. What would not is listed under
-- the name by which the plan's `accept` takes it as it will be. Reads the catalogs.
{% from 'layout/partitioned.sql' import partitioned with context %}
{% if not partitioned %}
SELECT 'what reads and writes the table' AS subject, 'does the same' AS expected, 'does the same' AS actual, true AS passed
{% else %}
WITH source AS (
  SELECT c.oid, c.relkind, n.nspname, c.relname,
    -- as PostgreSQL prints it in a definition, and as a function may have it; no more letters follow
    '\mONLY ' || regexp_replace(c.oid::regclass::text, '([^[:alnum:]_])', '\\\1', 'g') || '(?![[:alnum:]_$."])' AS only_printed,
    format('\mONLY\s*\(?\s*("?%s"?\s*\.\s*)?"?%s"?(?![[:alnum:]_$".])',
      regexp_replace(n.nspname, '([^[:alnum:]_])', '\\\1', 'g'),
      regexp_replace(c.relname, '([^[:alnum:]_])', '\\\1', 'g')) AS only_written
  FROM (SELECT to_regclass({{ source | literal }})::oid AS oid) AS named
  JOIN pg_class AS c USING (oid)
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
), reader AS (
  SELECT DISTINCT d.classid, d.objid
  FROM source
  JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = source.oid
  WHERE source.relkind = 'r'
), found (subject, advice, name) AS (
  SELECT 'views, rules, policies and functions that say ONLY',
    'ONLY finds no row of a partitioned table; leave the word out, which is the same today', object.identity
  FROM source, reader
  LEFT JOIN pg_rewrite AS r ON reader.classid = 'pg_rewrite'::regclass AND r.oid = reader.objid
  LEFT JOIN pg_proc AS f ON reader.classid = 'pg_proc'::regclass AND f.oid = reader.objid
  LEFT JOIN pg_policy AS p ON reader.classid = 'pg_policy'::regclass AND p.oid = reader.objid
  CROSS JOIN LATERAL (
    SELECT (pg_identify_object(
      CASE WHEN r.rulename = '_RETURN' THEN 'pg_class'::regclass ELSE reader.classid END,
      CASE WHEN r.rulename = '_RETURN' THEN r.ev_class ELSE reader.objid END, 0)).identity
  ) AS object
  WHERE concat_ws(' ', pg_get_ruledef(r.oid), pg_get_function_sqlbody(f.oid),
    pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) ~ source.only_printed
  UNION ALL
  SELECT 'functions in whose text is ONLY and the table''s name',
    'ONLY finds no row of a partitioned table; leave the word out, which is the same today',
    (pg_identify_object('pg_proc'::regclass, f.oid, 0)).identity
  FROM source
  JOIN pg_proc AS f ON f.prosrc ~* source.only_written
  JOIN pg_language AS l ON l.oid = f.prolang AND l.lanname NOT IN ('c', 'internal')
  WHERE source.relkind = 'r' AND f.pronamespace <> 'pg_catalog'::regnamespace
  UNION ALL
  -- Of one whose host is a name nobody knows here which server it is.
  SELECT 'foreign tables of this server on the table',
    'postgres_fdw finds rows by ctid alone, and one ctid is then in every partition: an UPDATE or DELETE through it '
      'would change other rows, too. Write to the table itself, or ALTER FOREIGN TABLE ... OPTIONS (ADD updatable ''false'')',
    (pg_identify_object('pg_class'::regclass, f.relation, 0)).identity
  FROM source
  JOIN (
{% include 'repartition/check/foreign_tables.sql' %}
  ) AS f ON f.here
  UNION ALL
  SELECT 'row triggers that may take something away with a row',
    {{ ('an UPDATE of ' ~ key_column ~ ' moves the row to another partition, and PostgreSQL does that by DELETE and INSERT: '
        'the trigger is fired as if the row was gone. Let it look whether the row is there; or, where ' ~ key_column ~ ' is never updated,')
       | literal }},
    'moved rows: ' || (pg_identify_object('pg_trigger'::regclass, t.oid, 0)).identity
  FROM source
  JOIN pg_trigger AS t ON t.tgrelid = source.oid AND NOT t.tgisinternal AND t.tgenabled <> 'D' AND t.tgtype & 9 = 9
  JOIN pg_proc AS f ON f.oid = t.tgfoid
  JOIN pg_language AS l ON l.oid = f.prolang
  -- nobody can look into lo_manage and the like; the one of tcn does nothing but tell
  WHERE (l.lanname <> 'plpgsql' AND f.prosrc <> 'triggered_change_notification'
      OR f.prosrc ~* '\m(delete\s+from|truncate|lo_unlink)\M'
      OR t.tgtype & 2 = 2 AND f.prosrc ~* '\mreturn\s+null\M')
    -- in the place of a foreign key, of an earlier run: it looks whether the row is there
    AND f.proname !~ '_keeps_key[0-9]+_[0-9]{8}_[0-9]{6}$'
    AND NOT EXISTS (  -- it moves already
      SELECT FROM pg_partitioned_table AS p
      JOIN pg_attribute AS a ON a.attrelid = p.partrelid AND a.attnum = ANY (p.partattrs::int2[])
      WHERE p.partrelid = source.oid AND a.attname = {{ key_column | literal }})
), named AS (
  SELECT DISTINCT * FROM found WHERE name <> ALL ({% include 'repartition/check/accepted.sql' %})
)
SELECT
  kind.subject,
  'none, or accepted by the plan' AS expected,
  coalesce({% include 'tables/listed.sql' %} || '; ' || max(listed.advice)
    || CASE WHEN kind.subject ~ '^row triggers' THEN ' accept: [their names]' ELSE '. Or accept: [their names]' END, 'none') AS actual,
  count(listed.name) = 0 AS passed
FROM (
  VALUES
    ('views, rules, policies and functions that say ONLY'),
    ('functions in whose text is ONLY and the table''s name'),
    ('foreign tables of this server on the table'),
    ('row triggers that may take something away with a row')
) AS kind (subject)
LEFT JOIN named AS listed USING (subject)
GROUP BY kind.subject
{% endif %}
