-- What the changes of columns (`columns`, `column_order`) mean for those who write and read the table. Reads the catalogs.
{% if not columns and not column_order %}
SELECT 'columns' AS subject, 'as they are' AS expected, 'as they are' AS actual, true AS passed
{% else %}
WITH source AS (
  SELECT to_regclass({{ source | literal }})::oid AS oid
), change AS (
{% include 'facts/fragments/changed_columns.sql' %}

), referring AS (
  SELECT f.conrelid::regclass::text AS relation, r.attname, format_type(r.atttypid, r.atttypmod) AS type, change.name AS of_column, format_type(change.type_oid, -1) AS new_type
  FROM source
  JOIN change ON change.type IS NOT NULL AND change.expression IS NULL
  JOIN pg_attribute AS a ON a.attrelid = source.oid AND a.attname = change.name
  JOIN pg_constraint AS f ON f.contype = 'f' AND f.confrelid = source.oid AND f.conparentid = 0 AND a.attnum = ANY (f.confkey)
  JOIN pg_attribute AS r ON r.attrelid = f.conrelid AND r.attnum = f.conkey[array_position(f.confkey, a.attnum)]
  WHERE r.atttypid <> change.type_oid AND f.conrelid <> source.oid
)
SELECT
  'columns that refer to what gets another type' AS subject, 'of that type' AS expected,
  coalesce({% include 'tables/listed.sql' %} || '. They go on, but can''t refer to a value that they can''t hold: make each of them '
    || max(new_type) || ', too, before there is one, such as by a plan of executor init '
    || min(relation) || ' --layout ... --column ' || min(attname COLLATE "C") || ':' || max(new_type), 'of that type') AS actual,
  count(listed.name) = 0 AS passed
FROM (SELECT *, format('%s.%I is %s, and refers to %I', relation, attname, type, of_column) AS name FROM referring) AS listed
UNION ALL
SELECT
  'prepared statements', 'go on',
  coalesce('those that return ' || {% include 'tables/listed.sql' %} || ' fail from the swap on, and again after a rollback (cached plan must not change result type), until their session '
    'reconnects or says DEALLOCATE ALL or DISCARD PLANS. Drivers prepare by themselves: let the application reconnect then', 'go on'),
  count(listed.name) = 0
FROM (SELECT quote_ident(name) AS name FROM change WHERE type IS NOT NULL AND expression IS NULL) AS listed
UNION ALL
SELECT
  'statements that name no columns', 'meet those of now',
  CASE WHEN {{ (column_order | length > 0 or dropped_columns | length > 0) | literal }}
    THEN 'meet others, or in another order, from the swap on: INSERT ... VALUES and COPY without a list of columns, and SELECT * read by position. Let them name the columns before'
    ELSE 'meet those of now' END,
  {{ (column_order | length == 0 and dropped_columns | length == 0) | literal }}
UNION ALL
SELECT
  'statements that name a column that is dropped', 'none',
  coalesce('every one that names ' || {% include 'tables/listed.sql' %} || ' fails from the swap on; take it out of the application before', 'none'),
  count(listed.name) = 0
FROM (SELECT quote_ident(name) AS name FROM change WHERE dropped) AS listed
UNION ALL
SELECT
  'writers that do not send a new column', 'can do without',
  coalesce('fail from the swap on, and can''t send it before: ' || {% include 'tables/listed.sql' %} || ' is NOT NULL; say default: ... in the plan', 'can do without'),
  count(listed.name) = 0
FROM (SELECT quote_ident(name) AS name FROM change WHERE expression IS NOT NULL AND not_null AND default_value IS NULL) AS listed
{% endif %}
