-- The columns of the new table in their order, and those that it has not (`is_dropped`); none, if the plan changes no column
-- (`columns`, `column_order`). `definition_sql` is what follows the name in CREATE TABLE; `value_sql` is what one that is
-- added gets for the row `r`, and what one that is dropped gets on the way back, where the row is new. Expressions are those
-- of the plan; what the table itself says of a column is as PostgreSQL prints it.
{% if columns | default([]) or column_order | default([]) %}
SELECT
  c.name,
  c.is_added,
  c.is_dropped,
  c.type_sql,
  CASE WHEN NOT c.is_dropped THEN concat_ws(' ', c.type_sql, 'COLLATE ' || c.collation, 'COMPRESSION ' || c.compression, c.default_sql, c.not_null) END AS definition_sql,
  c.storage,
  c.comment,
  c.not_null_comment,
  c.value_sql,
  there.hash AS hash_sql,
  here.hash AS source_hash_sql
FROM (
  SELECT
    a.attname::text AS name,
    false AS is_added,
    coalesce(change.dropped, false) AS is_dropped,
    a.attnum AS place,
    type.oid,
    coalesce(change.type_name, format_type(a.atttypid, a.atttypmod)) AS type_sql,
    CASE WHEN a.attcollation <> t.typcollation AND type.of_collation <> 0 THEN a.attcollation::regcollation::text END AS collation,
    coalesce(change.compression, CASE WHEN type.storage <> 'p' THEN CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END END) AS compression,
    coalesce(change.storage,
      CASE WHEN a.attstorage <> t.typstorage AND type.storage <> 'p' THEN CASE a.attstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' WHEN 'x' THEN 'extended' ELSE 'main' END END) AS storage,
    CASE a.attgenerated
      WHEN '' THEN 'DEFAULT ' || pg_get_expr(d.adbin, d.adrelid)
      ELSE format('GENERATED ALWAYS AS (%s) %s', pg_get_expr(d.adbin, d.adrelid), CASE a.attgenerated WHEN 's' THEN 'STORED' ELSE 'VIRTUAL' END)
    END AS default_sql,
    CASE WHEN a.attnotnull THEN concat_ws(' ', 'CONSTRAINT ' || quote_ident(n.conname), 'NOT NULL') END AS not_null,
    col_description(a.attrelid, a.attnum) AS comment,
    CASE WHEN obj_description(n.oid, 'pg_constraint') IS NOT NULL
      THEN jsonb_build_object('name', n.conname, 'comment', obj_description(n.oid, 'pg_constraint')) END AS not_null_comment,
    CASE WHEN change.dropped THEN format(E'CAST((%s\n) AS %s)', coalesce(change.default_value, 'NULL'), format_type(a.atttypid, -1)) END AS value_sql
  FROM pg_attribute AS a
  JOIN pg_type AS t ON t.oid = a.atttypid
  LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  -- a NOT NULL has a name from PostgreSQL 18 on
  LEFT JOIN pg_constraint AS n ON n.conrelid = a.attrelid AND n.contype = 'n' AND n.conkey = ARRAY[a.attnum]
  LEFT JOIN (
{% include 'facts/fragments/changed_columns.sql' %}
  ) AS change ON change.name = a.attname
  CROSS JOIN LATERAL (
    SELECT t.oid, t.typcollation, t.typstorage FROM pg_type AS t WHERE t.oid = coalesce(change.type_oid, a.atttypid)
  ) AS type (oid, of_collation, storage)
  WHERE a.attrelid = to_regclass({{ source | literal }}) AND a.attnum > 0 AND NOT a.attisdropped
    AND NOT {% include 'layout/is_own_column.sql' %} AND change.expression IS NULL
  UNION ALL
  SELECT
    change.name, true, false, 2000 + row_number() OVER (), change.type_oid, change.type_name, NULL, change.compression, change.storage,
    'DEFAULT (' || change.default_value || E'\n)', CASE WHEN change.not_null THEN 'NOT NULL' END, NULL, NULL,
    format(E'(SELECT CAST((%s\n) AS %s) FROM (SELECT r.*) AS r)', change.expression, change.type_name)
  FROM (
{% include 'facts/fragments/changed_columns.sql' %}
  ) AS change
  WHERE change.expression IS NOT NULL AND change.type_oid IS NOT NULL AND to_regclass({{ source | literal }}) IS NOT NULL
) AS c
CROSS JOIN LATERAL (
  SELECT
{% include 'tables/hashed_columns.sql' %}
  FROM (SELECT format('r.%I', c.name) AS reading, c.oid AS atttypid, 2000 AS place) AS a
) AS there (hash)
CROSS JOIN LATERAL (
  SELECT CASE WHEN c.is_added THEN
{% include 'tables/hashed_columns.sql' %}
  END
  FROM (SELECT c.value_sql AS reading, c.oid AS atttypid, 2000 AS place) AS a
) AS here (hash)
ORDER BY coalesce(array_position({{ (column_order | default([])) | literal }}::text[], c.name), 10000), c.place
{% else %}
SELECT NULL::text AS name WHERE false
{% endif %}
