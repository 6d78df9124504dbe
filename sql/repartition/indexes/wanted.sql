{## The source's indexes as the new table shall have them: a SELECT without its semicolon, in which
    `relation` gives its name to `name`, and the new table to `parent_name`.

    pg_get_indexdef() prints opclasses, collations, expressions, INCLUDE, WITH and WHERE better than
    anything put together here. Its head is known to the letter, so what follows is taken by length:
    nothing in it is searched or replaced. LIKE INCLUDING INDEXES would do the same, but before the
    load, when indexes make it several times slower.

    A partitioned table has no unique index without its partition key, and none at all if that is an
    expression: then the index stands on every partition alone (`on_parent` is false). Rows of one
    collection share a partition, so what contains the key column stays globally unique. -##}
SELECT
  short.name,
  short.parent_name,
  shape.*
FROM (
  SELECT
    i.indexrelid AS source_index,
    c.relname::text AS source_name,
    obj_description(i.indexrelid, 'pg_class') AS comment,
    obj_description(con.oid, 'pg_constraint') AS constraint_comment,
    CASE con.contype WHEN 'p' THEN 'PRIMARY KEY' WHEN 'u' THEN 'UNIQUE' END AS constraint_type,
    CASE WHEN con.condeferrable THEN ' DEFERRABLE' ELSE '' END
      || CASE WHEN con.condeferred THEN ' INITIALLY DEFERRED' ELSE '' END AS deferrable,
    CASE WHEN i.indisunique THEN 'UNIQUE INDEX' ELSE 'INDEX' END AS kind,
{% if routing == 'expression' %}
    NOT i.indisunique AS on_parent,
    pg_get_constraintdef(con.oid) AS parent_constraint,
    substr(pg_get_indexdef(i.indexrelid), length(head.text) + 1) AS body,
{% elif routing == 'column' %}
    NOT i.indisunique OR i.indisprimary AS on_parent,
    wide.parent_constraint,
    coalesce(wide.body, substr(pg_get_indexdef(i.indexrelid), length(head.text) + 1)) AS body,
{% else %}
    NOT i.indisunique OR i.indisprimary OR has_key.is_so AS on_parent,
    coalesce(wide.parent_constraint, pg_get_constraintdef(con.oid)) AS parent_constraint,
    coalesce(wide.body, substr(pg_get_indexdef(i.indexrelid), length(head.text) + 1)) AS body,
{% endif %}
    coalesce(t.spcname::text, '') AS tablespace,
    i.indisclustered AS clustered,
    i.indisreplident AS replica_identity
  FROM pg_index AS i
  JOIN pg_class AS c ON c.oid = i.indexrelid
  JOIN pg_class AS r ON r.oid = i.indrelid
  LEFT JOIN pg_tablespace AS t ON t.oid = c.reltablespace
  LEFT JOIN pg_constraint AS con
    ON con.conindid = i.indexrelid AND con.conrelid = i.indrelid AND con.contype IN ('p', 'u')
  CROSS JOIN LATERAL (
    SELECT format('CREATE %sINDEX %I ON %s%s', CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END,
                  c.relname, CASE r.relkind WHEN 'p' THEN 'ONLY ' ELSE '' END, r.oid::regclass)
  ) AS head (text)
{% if routing != 'expression' %}
  -- The primary key of a partitioned table contains what the table is partitioned by.
  CROSS JOIN LATERAL (
    SELECT EXISTS (
      SELECT FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
      JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
      WHERE a.attname = {{ key_column | literal }} AND k.place <= i.indnkeyatts)
  ) AS has_key (is_so)
  LEFT JOIN LATERAL (
    SELECT
      string_agg(quote_ident(a.attname), ', ' ORDER BY k.place) FILTER (WHERE k.place <= i.indnkeyatts)
        || CASE WHEN has_key.is_so THEN '' ELSE ', ' || quote_ident({{ key_column | literal }}) END
        {% if routing == 'column' %}|| ', partition_key' {% endif %}AS columns,
      coalesce(' INCLUDE (' || string_agg(quote_ident(a.attname), ', ' ORDER BY k.place)
        FILTER (WHERE k.place > i.indnkeyatts) || ')', '') AS included
    FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
    JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
  ) AS wider ON i.indisprimary{% if routing == 'hash' %} AND NOT has_key.is_so{% endif %}

  LEFT JOIN LATERAL (
    SELECT
      format('PRIMARY KEY (%s)%s', wider.columns, wider.included) AS parent_constraint,
      format(' USING btree (%s)%s', wider.columns, wider.included)
        || coalesce(' WITH (' || (SELECT string_agg(format('%I = %L', option_name, option_value), ', ')
                                  FROM pg_options_to_table(c.reloptions)) || ')', '') AS body
  ) AS wide ON wider.columns IS NOT NULL
{% endif %}
  WHERE i.indrelid = {{ source | literal }}::regclass AND i.indisvalid AND NOT i.indisexclusion
  UNION ALL
  -- Deleting a collection would scan every partition without an index that begins with its key.
  SELECT NULL, {{ (source.name + '_routing_idx') | literal }}, NULL, NULL, NULL, '', 'INDEX', true, NULL,
    format(' USING btree (%I)', {{ key_column | literal }}), '', false, false
  WHERE NOT EXISTS (
    SELECT FROM pg_index AS i
    JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
    WHERE i.indrelid = {{ source | literal }}::regclass AND i.indisvalid AND i.indpred IS NULL
      AND a.attname = {{ key_column | literal }})
) AS shape
-- Names say whose index it is, as far as 63 bytes and other names allow; a digest keeps those apart
-- that would have to be cut.
CROSS JOIN LATERAL (
  SELECT CASE
    WHEN starts_with(shape.source_name, {{ source.name | literal }} || '_')
      AND NOT EXISTS (
        SELECT FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
        WHERE i.indrelid = {{ source | literal }}::regclass
          AND c.relname = substr(shape.source_name, length({{ source.name | literal }}) + 2))
    THEN substr(shape.source_name, length({{ source.name | literal }}) + 2)
    ELSE shape.source_name END
) AS stem (name)
CROSS JOIN LATERAL (
  SELECT
    {{ relation.name | literal }} || '_' || stem.name,
    {{ target.name | literal }} || '_' || stem.name
) AS long (name, parent_name)
CROSS JOIN LATERAL (
  SELECT
    CASE WHEN octet_length(long.name) > 63
      THEN (left(md5(long.name), 8) || '_' || long.name)::name::text ELSE long.name END,
    CASE WHEN octet_length(long.parent_name) > 63
      THEN (left(md5(long.parent_name), 8) || '_' || long.parent_name)::name::text
      ELSE long.parent_name END
) AS short (name, parent_name)
ORDER BY shape.constraint_type, shape.source_name
