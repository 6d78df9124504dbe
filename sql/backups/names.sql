{## What the objects of `definition` are called in the restored table {{ target }}: the name of the table
    stands in front, as it did in the original. Where that gives one name to two, or a name over 63 bytes,
    a digest in front keeps them apart. Extended statistics come into the schema that they had, if there is one
    in which this role may make something. -##}
CREATE TEMPORARY TABLE restored_names (kind text, name text, said_schema text, schema text, new_name text) ON COMMIT DROP;
INSERT INTO pg_temp.restored_names
SELECT
  kind,
  name,
  schema,
  CASE WHEN has_schema_privilege(to_regnamespace(quote_ident(schema)), 'CREATE') THEN schema END,
  CASE WHEN octet_length(long_name) > 63 OR (place > 1)
    THEN (left(md5(concat(name, long_name, schema)), 8) || '_' || long_name)::name::text ELSE long_name END
FROM (
  SELECT item.kind, item.name, item.schema, long.name AS long_name,
    row_number() OVER (PARTITION BY long.name ORDER BY starts_with(item.name, definition ->> 'name') DESC, item.name, item.schema) AS place
  FROM (SELECT {{ definition | literal }}::jsonb) AS given (definition)
  CROSS JOIN LATERAL (
    SELECT 'TABLE' AS kind, relation ->> 'name' AS name, NULL AS schema FROM jsonb_array_elements(definition -> 'relations') AS relation
    UNION
    SELECT part.kind, part.item ->> 'name', CASE part.kind WHEN 'STATISTICS' THEN part.item ->> 'schema' END
    FROM jsonb_array_elements(definition -> 'relations') AS relation
    CROSS JOIN LATERAL (
      SELECT 'INDEX' AS kind, i AS item FROM jsonb_array_elements(relation -> 'indexes') AS i
      UNION ALL SELECT 'STATISTICS', s FROM jsonb_array_elements(relation -> 'statistics') AS s
      UNION ALL SELECT 'SEQUENCE', c -> 'sequence' FROM jsonb_array_elements(relation -> 'columns') AS c
      WHERE c ? 'sequence' AND (c ? 'identity' OR (c ->> 'serial')::boolean)
    ) AS part
  ) AS item
  CROSS JOIN LATERAL (
    SELECT {{ target.name | literal }} || CASE
      WHEN item.name = definition ->> 'name' THEN ''
      WHEN starts_with(item.name, (definition ->> 'name') || '_') THEN substr(item.name, length(definition ->> 'name') + 1)
      ELSE '_' || item.name END
  ) AS long (name)
) AS named;
