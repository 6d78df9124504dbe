-- Which statements do something else afterwards, or fail, by the layout of the new table. Reads the catalogs.
{% from 'layout/' ~ layout ~ '/shape.sql' import key_columns, unique_needs with context %}
{% from 'repartition/earlier.sql' import earlier with context %}
WITH source AS (
  SELECT to_regclass({{ source | literal }})::oid AS oid
), key AS (
  SELECT a.attnum, quote_ident(a.attname) AS name, '$1::' || format_type(a.atttypid, -1) AS value
  FROM source JOIN pg_attribute AS a ON a.attrelid = source.oid
  WHERE a.attname = {{ key_column | literal }} AND a.attnum > 0 AND NOT a.attisdropped
), narrow AS (
  -- unique, without some of the key
  SELECT i.indexrelid::regclass::text AS name, i.indisprimary, CASE WHEN i.indexprs IS NULL THEN (
    SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY k.place)
    FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
    JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
    WHERE k.place <= i.indnkeyatts) END AS columns, missing.columns AS missing
  FROM pg_index AS i
  CROSS JOIN source
  CROSS JOIN LATERAL (
    SELECT string_agg(quote_ident(needed), ', ' ORDER BY place)
    FROM unnest({{ key_columns | literal }}::text[]) WITH ORDINALITY AS key (needed, place)
    WHERE needed NOT IN (
      SELECT a.attname
      FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place) JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
      WHERE k.place <= i.indnkeyatts)
  ) AS missing (columns)
  WHERE i.indrelid = source.oid AND i.indisunique AND i.indisvalid AND missing.columns IS NOT NULL
), lost AS (
  -- the primary key, where the new table has none of these columns alone
  SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY k.place) AS name
  FROM source
  JOIN pg_index AS i ON i.indrelid = source.oid AND i.indisprimary
  CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
  JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
  WHERE k.place <= i.indnkeyatts
  GROUP BY i.indexrelid
{% if unique_needs is not none %}
  HAVING NOT array_agg(a.attname::text) @> {{ unique_needs | literal }}::text[]
{% endif %}
)
{% include 'layout/' ~ layout ~ '/check_queries.sql' %}
{% if key_columns %}
UNION ALL
{% with always = unique_needs is none or unique_needs | length > key_columns | length %}
{% include 'repartition/check/upserts.sql' %}
{% endwith %}
UNION ALL
SELECT
  'statements that group by the primary key', 'may select any column',
  'fail where they select a column that they neither group by nor aggregate, as no key of the whole table says that there is one value of it a group: '
    || (SELECT 'GROUP BY ' || name FROM lost),
  NOT EXISTS (SELECT FROM lost)
{% if facts.server[0].version < 190000 %}
UNION ALL
SELECT
  'COPY of the table TO a file, and pg_dump --table', 'have its rows',
  'COPY ... TO fails (cannot copy from partitioned table): COPY (SELECT ... FROM ...) TO goes on, before and afterwards. pg_dump --table has the definition alone: '
    'give --table-and-children (from 16 on), or the partitions, too',
  (SELECT relkind = 'p' FROM pg_class WHERE oid = source.oid)
FROM source
{% endif %}
{% endif %}
{% for column in earlier.own_columns | reject('in', added_columns) %}
UNION ALL
SELECT
  {{ ('statements that name ' ~ column) | literal }}, 'none',
  {{ ('all that name it, those that have to send it among them, fail from the swap on: an earlier run has added it, and this layout has none. '
    'Release what does without it together with the swap; a rollback brings it back') | literal }},
  false
{% endfor %}
