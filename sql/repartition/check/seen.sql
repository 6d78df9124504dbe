-- What triggers, views and functions see of a row and of the name of its table that is different afterwards: row
-- triggers are fired on the tables that hold the rows{% if added_columns %}, and a row has more columns{% endif %}. Each with the line of its text
-- that shows it. Reads the catalogs.
{% from 'layout/partitioned.sql' import partitioned with context %}
WITH source AS (
  SELECT c.oid, c.oid::regclass::text AS printed, c.relname, c.relkind,
    '\m' || regexp_replace(c.relname, '([^[:alnum:]_])', '\\\1', 'g') || '(?![[:alnum:]_$])' AS written
  FROM pg_class AS c WHERE c.oid = to_regclass({{ source | literal }})
), pattern (of_table, row_as_whole) AS (
  VALUES (
    '\m(TG_TABLE_NAME|TG_RELNAME|TG_RELID|tableoid)\M|\$_TD->\{(table_name|relname|relid)\}|\mTD\[.(table_name|relid).\]',
    '\m(OLD|NEW)\s*\.\s*\*|[(,]\s*(OLD|NEW)\s*(,|\)(?!\s*\.\s*["\w]))|\m(OLD|NEW)\s*::|:?=\s*(OLD|NEW)\s*;|\mUSING\s([^;]*,)?\s*(OLD|NEW)\s*[,;]'
      '|\$_TD->\{(new|old)\}(?!\s*(->)?\s*\{)|\mTD\[.(new|old).\](?!\s*\[)')
), fired AS (
  SELECT quote_ident(t.tgname) AS name, f.oid::regprocedure::text AS function, l.lanname, f.pronamespace,
    -- what is said of whole rows and means the same of any shape
    regexp_replace(f.prosrc, '\mRETURN\s+COALESCE\s*\(\s*(OLD|NEW)\s*,\s*(OLD|NEW)\s*\)|\m(OLD|NEW)\.\*\s+IS\s+(NOT\s+)?DISTINCT\s+FROM\s+(OLD|NEW)\.\*',
      '', 'gi') AS prosrc,
    t.tgtype & 1 = 1 AS by_row, coalesce(t.tgoldtable, t.tgnewtable) IS NOT NULL AS of_sets,
    (SELECT ' of ' || e.extname FROM pg_depend AS d JOIN pg_extension AS e ON e.oid = d.refobjid
     WHERE d.classid = 'pg_proc'::regclass AND d.objid = f.oid AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e') AS extension
  FROM source
  JOIN pg_trigger AS t ON t.tgrelid = source.oid AND NOT t.tgisinternal AND t.tgenabled <> 'D'
  JOIN pg_proc AS f ON f.oid = t.tgfoid
  JOIN pg_language AS l ON l.oid = f.prolang
), reader AS (
  SELECT DISTINCT (pg_identify_object(
      CASE WHEN r.rulename = '_RETURN' THEN 'pg_class'::regclass ELSE d.classid END,
      CASE WHEN r.rulename = '_RETURN' THEN r.ev_class ELSE d.objid END, 0)).identity AS name,
    CASE WHEN r.rulename = '_RETURN' THEN pg_get_viewdef(r.ev_class) ELSE coalesce(pg_get_ruledef(r.oid), pg_get_function_sqlbody(f.oid)) END AS text
  FROM source
  JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = source.oid
  LEFT JOIN pg_rewrite AS r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
  LEFT JOIN pg_proc AS f ON d.classid = 'pg_proc'::regclass AND f.oid = d.objid
  WHERE r.oid IS NOT NULL OR f.oid IS NOT NULL
  UNION ALL
  -- bound by its text alone
  SELECT f.oid::regprocedure::text, f.prosrc
  FROM source
  JOIN pg_proc AS f ON f.prosrc ~* source.written AND f.prorettype <> 'trigger'::regtype AND f.pronamespace <> 'pg_catalog'::regnamespace
  JOIN pg_language AS l ON l.oid = f.prolang AND l.lanname NOT IN ('c', 'internal')
), found (subject, name, text, pattern) AS (
  SELECT 'row triggers that ask for the name of the table', name || ': ' || function, prosrc, pattern.of_table
  FROM fired, pattern WHERE by_row AND (lanname NOT IN ('c', 'internal') AND prosrc ~* pattern.of_table){% if not partitioned %} AND (SELECT relkind = 'p' FROM source){% endif %}

  UNION ALL
  SELECT 'row triggers that ask for the name of the table', name || ': ' || function, NULL, NULL
  FROM fired WHERE by_row AND prosrc = 'triggered_change_notification'{% if not partitioned %} AND (SELECT relkind = 'p' FROM source){% endif %}

  UNION ALL
  SELECT 'views and functions that read tableoid', reader.name, reader.text, '\mtableoid\M'
  FROM reader WHERE reader.text ~* '\mtableoid\M'{% if not partitioned %} AND (SELECT relkind = 'p' FROM source){% endif %}

{% if added_columns %}
  UNION ALL
  SELECT 'triggers that take the row as a whole', name || ': ' || function, prosrc, shape.pattern
  FROM fired, pattern
  CROSS JOIN LATERAL (
    SELECT CASE WHEN by_row THEN pattern.row_as_whole ELSE '\mSELECT\s+\*|\.\*|\m(to_jsonb?|row_to_json|hstore)\s*\(' END
    WHERE by_row OR of_sets
  ) AS shape (pattern)
  WHERE lanname NOT IN ('c', 'internal') AND prosrc ~* shape.pattern
  UNION ALL
  -- `c.*` where it is no list of columns: PostgreSQL prints that with their names
  SELECT DISTINCT 'views and functions that show the whole row', reader.name, reader.text, seen.pattern
  FROM source, reader
  CROSS JOIN LATERAL (
    SELECT said[1] AS call, coalesce(said[2], said[3]) AS alias
    FROM regexp_matches(reader.text, '((?:to_jsonb?|row_to_json|jsonb?_agg|hstore|array_agg)\s*\(\s*("[^"]+"|\w+)(?:\.\*)?\s*\)|("[^"]+"|\w+)\.\*\)?::)', 'gi') AS said
  ) AS call
  CROSS JOIN LATERAL (SELECT regexp_replace(call.call, '([^[:alnum:]_])', '\\\1', 'g')) AS seen (pattern)
  WHERE call.alias IN (source.relname, quote_ident(source.relname))
    OR reader.text ~* (source.written || '"?\s+(as\s+)?' || regexp_replace(call.alias, '([^[:alnum:]_])', '\\\1', 'g') || '(?![[:alnum:]_$])')
{% endif %}
), shown AS (
  SELECT DISTINCT found.subject, found.name || coalesce(' line ' || line.number || ': '
    || rtrim(left(btrim(regexp_replace(split_part(found.text, E'\n', line.number), '\s+', ' ', 'g')), 80)), '') AS name
  FROM found
  CROSS JOIN LATERAL (
    -- up to where it is said, comments left out; what PostgreSQL prints has the lines of a definition
    SELECT 1 + length(regexp_replace((regexp_split_to_array(regexp_replace(found.text, '--[^\n]*', '', 'g'), found.pattern, 'i'))[1], '[^\n]', '', 'g'))
  ) AS line (number)
  WHERE found.text IS NULL OR regexp_replace(found.text, '--[^\n]*', '', 'g') ~* found.pattern
)
SELECT
  kind.subject,
  kind.expected,
  coalesce(kind.said || ': ' || {% include 'tables/listed.sql' %} || '. ' || kind.advice, kind.expected) AS actual,
  count(listed.name) = 0 AS passed
FROM (
  VALUES
    ('row triggers that ask for the name of the table', 'get it', {{ ('get that of a partition' if partitioned else 'get that of the table now, no longer that of a partition') | literal }},
     'In PL/pgSQL coalesce(pg_partition_root(TG_RELID), TG_RELID)::regclass is the table, before and afterwards'),
    ('views and functions that read tableoid', 'find the table', {{ ('find the partition' if partitioned else 'find the table now, no longer a partition') | literal }},
     'coalesce(pg_partition_root(tableoid), tableoid) is the table, before and afterwards')
{% if added_columns %}
    , ('triggers that take the row as a whole', 'get the columns of now', {{ ('get ' ~ added_columns | join(', ') ~ ', too') | literal }},
     'Where one puts the row into a table that has not this column, every write fails after the swap: add '
       'it there first, or let it name the columns')
    , ('views and functions that show the whole row', 'show the columns of now', {{ ('show ' ~ added_columns | join(', ') ~ ', too') | literal }},
     'Let them name the columns where a reader minds')
{% endif %}
) AS kind (subject, expected, said, advice)
LEFT JOIN shown AS listed USING (subject)
GROUP BY kind.subject, kind.expected, kind.said, kind.advice
{% if partitioned or added_columns %}
UNION ALL
SELECT
  'triggers that can''t be looked into', 'none',
  coalesce(string_agg(format('%s: %s in %s%s', name, function, lanname, extension), ', ' ORDER BY name)
    || {{ ('. Row triggers get the name of a partition' ~ (', and a row with ' ~ added_columns | join(', ') if added_columns else '') ~ ': ask whoever wrote them') | literal }}, 'none'),
  CASE WHEN count(name) = 0 THEN true END
FROM source
LEFT JOIN fired
  ON by_row AND lanname IN ('c', 'internal') AND pronamespace <> 'pg_catalog'::regnamespace AND prosrc <> 'triggered_change_notification'
{% endif %}
