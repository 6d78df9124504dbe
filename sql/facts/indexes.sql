-- The valid indexes, first those of constraints; `of_leaves` are those that the table has not as a whole, but every
-- partition by itself, with the name that they get. `columns` has null for an expression; a primary key has none.
-- pg_get_indexdef() prints opclasses, collations, expressions, INCLUDE, WITH and WHERE. Its head is known to the letter:
-- nothing in what follows is searched or replaced.
SELECT
  CASE
    WHEN own.of_leaves THEN {% include 'tables/short_name.sql' %}

    ELSE c.relname
  END AS name,
  stem.name AS stem,
  own.of_leaves,
  i.indisunique AS unique,
  i.indisprimary AS primary,
  con.oid IS NOT NULL AS is_constraint,
  coalesce(con.condeferrable, false) AS deferrable,
  coalesce(con.condeferred, false) AS deferred,
  i.indpred IS NOT NULL AS partial,
  ARRAY(
    SELECT a.attname
    FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
    LEFT JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
    WHERE k.place <= i.indnkeyatts
      -- an earlier run's own
      AND NOT (i.indisprimary AND {% include 'layout/is_own_column.sql' %}) ORDER BY k.place) AS columns,
  ARRAY(
    SELECT a.attname
    FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
    JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
    WHERE k.place > i.indnkeyatts ORDER BY k.place) AS included,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('name', o.option_name, 'value', o.option_value)), '[]')
   FROM pg_options_to_table(c.reloptions) AS o) AS parameters,
  {% include 'tables/rest.sql' %} AS body_sql,
  pg_get_constraintdef(con.oid) AS constraint_sql,
  t.spcname AS tablespace,
  i.indisclustered AS clustered,
  i.indisreplident AS replica_identity,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('column', a.attnum, 'target', a.attstattarget) ORDER BY a.attnum), '[]')
   FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attstattarget >= 0) AS statistics_targets,
  obj_description(c.oid, 'pg_class') AS comment,
  obj_description(con.oid, 'pg_constraint') AS constraint_comment
FROM pg_index AS i
JOIN pg_class AS c ON c.oid = i.indexrelid
JOIN pg_class AS r ON r.oid = i.indrelid
LEFT JOIN pg_tablespace AS t ON t.oid = c.reltablespace
LEFT JOIN pg_constraint AS con
  ON con.conindid = i.indexrelid AND con.conrelid = i.indrelid AND con.contype IN ('p', 'u')
CROSS JOIN LATERAL (SELECT i.indrelid <> to_regclass({{ source | literal }})) AS own (of_leaves)
CROSS JOIN LATERAL (
  SELECT pg_get_indexdef(c.oid), format('CREATE %sINDEX %I ON %s%s ', CASE WHEN i.indisunique THEN 'UNIQUE ' END,
    c.relname, CASE r.relkind WHEN 'p' THEN 'ONLY ' END, r.oid::regclass)
) AS shape (definition, head)
CROSS JOIN LATERAL (
  -- what names made of it end in; two must not end alike
  SELECT CASE
    WHEN starts_with(c.relname, r.relname || '_')
      AND NOT EXISTS (
        SELECT FROM pg_index AS other JOIN pg_class AS o ON o.oid = other.indexrelid
        WHERE other.indrelid IN (i.indrelid, to_regclass({{ source | literal }})) AND r.relname || '_' || o.relname = c.relname)
      AND (NOT own.of_leaves OR to_regclass(format('%I.%I', {{ source.schema | literal }}, {{ (source.name ~ '_') | literal }}
                                                   || substr(c.relname, 2 + length(r.relname)))) IS NULL)
    THEN substr(c.relname, 2 + length(r.relname))
    ELSE c.relname
  END
) AS stem (name)
CROSS JOIN LATERAL (SELECT {{ (source.name ~ '_') | literal }} || stem.name) AS long (name)
WHERE i.indisvalid AND NOT i.indisexclusion AND (i.indrelid = to_regclass({{ source | literal }}) OR i.indexrelid IN (
    SELECT indexrelid FROM (
{% include 'facts/fragments/leaf_indexes.sql' %}
    ) AS of_leaves WHERE is_first))
ORDER BY con.oid IS NULL, NOT i.indisprimary, c.relname
