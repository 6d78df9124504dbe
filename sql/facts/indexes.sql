-- The indexes that the new table shall have: the valid ones of the table, and one on the key column where none
-- begins with that (`of_source` is false), since deleting a collection would scan every partition.
--
-- A partitioned table has no unique index without what it is partitioned by, and none at all if that is an
-- expression: then the index stands on every partition alone (`on_parent` is false). Rows of one collection share a
-- partition, so what contains the key column stays unique in all of them.
SELECT
  shape.*,
  -- what the names of its partitions' indexes end in; two must not end alike
  CASE
    WHEN starts_with(shape.name, {{ (source.name ~ '_') | literal }}) AND NOT EXISTS (
      SELECT FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
      WHERE i.indrelid = to_regclass({{ source | literal }}) AND {{ (source.name ~ '_') | literal }} || c.relname = shape.name)
    THEN substr(shape.name, 1 + length({{ (source.name ~ '_') | literal }}))
    ELSE shape.name
  END AS stem
FROM (
  SELECT
    c.relname::text AS name,
    true AS of_source,
    i.indisunique AS unique,
    i.indisprimary AS primary,
    con.oid IS NOT NULL AS is_constraint,
    coalesce(con.condeferrable, false) AS deferrable,
    coalesce(con.condeferred, false) AS deferred,
    NOT i.indisunique{% if routing != 'expression' %} OR i.indisprimary{% endif %}{% if routing == 'hash' %} OR has_key.is_so{% endif %} AS on_parent,
    -- pg_get_indexdef() prints opclasses, collations, expressions, INCLUDE, WITH and WHERE; its head and the columns
    -- of a primary key are known to the letter, so what follows is taken by length: nothing is searched or replaced
    left(said.body, length('USING btree (' || key.columns)) || key.added
      || substr(said.body, 1 + length('USING btree (' || key.columns)) AS body_sql,
    left(said.definition, length('PRIMARY KEY (' || key.columns)) || key.added
      || substr(said.definition, 1 + length('PRIMARY KEY (' || key.columns)) AS constraint_sql,
    t.spcname::text AS tablespace,
    i.indisclustered AS clustered,
    i.indisreplident AS replica_identity,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('column', a.attnum, 'target', a.attstattarget) ORDER BY a.attnum), '[]')
     FROM pg_attribute AS a WHERE a.attrelid = i.indexrelid AND a.attstattarget >= 0) AS statistics_targets,
    obj_description(i.indexrelid, 'pg_class') AS comment,
    obj_description(con.oid, 'pg_constraint') AS constraint_comment
  FROM pg_index AS i
  JOIN pg_class AS c ON c.oid = i.indexrelid
  JOIN pg_class AS r ON r.oid = i.indrelid
  LEFT JOIN pg_tablespace AS t ON t.oid = c.reltablespace
  LEFT JOIN pg_constraint AS con
    ON con.conindid = i.indexrelid AND con.conrelid = i.indrelid AND con.contype IN ('p', 'u')
  CROSS JOIN LATERAL (
    SELECT
      substr(pg_get_indexdef(c.oid), 2 + length(format('CREATE %sINDEX %I ON %s%s',
        CASE WHEN i.indisunique THEN 'UNIQUE ' END, c.relname, CASE r.relkind WHEN 'p' THEN 'ONLY ' END, r.oid::regclass))),
      pg_get_constraintdef(con.oid)
  ) AS said (body, definition)
  CROSS JOIN LATERAL (
    SELECT coalesce(bool_or(a.attname = {{ key_column | literal }}), false), string_agg(quote_ident(a.attname), ', ' ORDER BY k.place)
    FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
    JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
    WHERE k.place <= i.indnkeyatts
  ) AS has_key (is_so, columns)
  -- the primary key of a partitioned table contains what the table is partitioned by
  CROSS JOIN LATERAL (
{% if routing == 'expression' %}
    SELECT '', ''
{% else %}
    SELECT
      CASE WHEN i.indisprimary THEN has_key.columns ELSE '' END,
      CASE WHEN i.indisprimary AND NOT has_key.is_so THEN ', ' || quote_ident({{ key_column | literal }}) ELSE '' END
        {% if routing == 'column' %}|| CASE WHEN i.indisprimary THEN ', partition_key' ELSE '' END{% endif %}

{% endif %}
  ) AS key (columns, added)
  WHERE i.indrelid = to_regclass({{ source | literal }}) AND i.indisvalid AND NOT i.indisexclusion
  UNION ALL
  SELECT {{ (source.name ~ '_routing_idx') | literal }}, false, false, false, false, false, false, true,
    format('USING btree (%I)', {{ key_column | literal }}), NULL, NULL, false, false, '[]', NULL, NULL
  WHERE to_regclass({{ source | literal }}) IS NOT NULL AND NOT EXISTS (
    SELECT FROM pg_index AS i
    JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
    WHERE i.indrelid = to_regclass({{ source | literal }}) AND i.indisvalid AND i.indpred IS NULL
      AND a.attname = {{ key_column | literal }})
) AS shape
ORDER BY NOT shape.is_constraint, NOT shape.primary, shape.name COLLATE "C"
