-- The statements that make a table of a recorded definition: one a row, with the relation that it is
-- about. Nothing is run: a definition is data, and somebody else may have written it. What is written in it as
-- SQL (types, expressions, what follows the head of an index) is admitted statement by statement before.
{% with schema = target.schema %}
{% include 'backups/hold_schema.sql' %}
{% endwith %}

{% include 'backups/names.sql' %}

WITH given AS (
  SELECT {{ definition | literal }}::jsonb AS definition, {{ target.schema | literal }}::text AS home
), named AS (
  SELECT * FROM pg_temp.restored_names WHERE kind <> 'STATISTICS'
), relation AS (
  SELECT r, place, home, here.new_name AS called, format('%I.%I', home, here.new_name) AS identity,
    definition ->> 'name' AS whole, above.new_name AS parent
  FROM given
  CROSS JOIN LATERAL jsonb_array_elements(definition -> 'relations') WITH ORDINALITY AS item (r, place)
  JOIN named AS here ON here.name = r ->> 'name'
  LEFT JOIN named AS above ON above.name = r ->> 'parent'
), col AS (
  SELECT relation.*, c, item.place AS column_place, main.new_name AS sequence,
{% if exact %}
    c ->> 'not_null_name' AS filled
{% else %}
    CASE WHEN c ->> 'not_null_name' = format('%s_%s_not_null', whole, c ->> 'name')
      THEN format('%s_%s_not_null', called, c ->> 'name')::name::text ELSE c ->> 'not_null_name' END AS filled
{% endif %}
  FROM relation
  CROSS JOIN LATERAL jsonb_array_elements(r -> 'columns') WITH ORDINALITY AS item (c, place)
  LEFT JOIN named AS main ON main.name = c -> 'sequence' ->> 'name'
  WHERE NOT r ? 'parent'
), sequence AS (
  SELECT col.*, s, sequence AS sequence_name, format('%I.%I', home, sequence) AS sequence_identity, c ? 'identity' AS of_identity,
    format('INCREMENT %s MINVALUE %s MAXVALUE %s START %s CACHE %s %s', (s ->> 'increment')::bigint, (s ->> 'min')::bigint,
      (s ->> 'max')::bigint, (s ->> 'start')::bigint, (s ->> 'cache')::bigint,
      CASE WHEN (s ->> 'cycle')::boolean THEN 'CYCLE' ELSE 'NO CYCLE' END) AS options
  FROM col CROSS JOIN LATERAL (SELECT c -> 'sequence') AS its (s)
  WHERE sequence IS NOT NULL
), index AS (
  SELECT relation.*, i, item.place AS index_place, here.new_name AS index_name, format('%I.%I', home, here.new_name) AS index_identity,
    above.new_name AS above
  FROM relation
  CROSS JOIN LATERAL jsonb_array_elements(r -> 'indexes') WITH ORDINALITY AS item (i, place)
  JOIN named AS here ON here.name = i ->> 'name'
  LEFT JOIN named AS above ON above.name = i ->> 'attached_to'
), restriction AS (
  SELECT relation.*, k, item.place AS constraint_place,
{% if exact %}
    k ->> 'name' AS constraint_name
{% else %}
    CASE WHEN starts_with(k ->> 'name', whole || '_')
      THEN left({{ target.name | literal }} || substr(k ->> 'name', length(whole) + 1), 63) ELSE k ->> 'name' END AS constraint_name
{% endif %}
  FROM relation
  CROSS JOIN LATERAL jsonb_array_elements(r -> 'constraints') WITH ORDINALITY AS item (k, place)
), statistic AS (
  SELECT relation.*, s, item.place AS statistic_place, n.new_name AS statistic_name, format('%I.%I', coalesce(n.schema, home), n.new_name) AS statistic_identity
  FROM relation
  CROSS JOIN LATERAL jsonb_array_elements(r -> 'statistics') WITH ORDINALITY AS item (s, place)
  JOIN pg_temp.restored_names AS n ON n.name = s ->> 'name' AND n.kind = 'STATISTICS' AND n.said_schema IS NOT DISTINCT FROM s ->> 'schema'
), statement (phase, relation_place, part, item_place, step, kind, about, text) AS (
  -- the empty tables
  SELECT 'tables', 0, 0, column_place, 0, 'create_seq_stmt', sequence_name,
    format('CREATE SEQUENCE %s AS %s %s', sequence_identity, coalesce(s ->> 'type', 'bigint'), options)
  FROM sequence WHERE NOT of_identity
  UNION ALL
  SELECT 'tables', place, 1, 0, 0, 'create_stmt', called,
    format('CREATE %sTABLE %s %s', CASE WHEN r ? 'unlogged' THEN 'UNLOGGED ' END, identity,
      CASE WHEN r ? 'parent' THEN format('PARTITION OF %I.%I %s', home, parent, r ->> 'bound') ELSE (
        SELECT format('(%s)', string_agg(concat_ws(' ',
          quote_ident(c ->> 'name'), c ->> 'type', 'COLLATE ' || (c ->> 'collation'),
          CASE WHEN c ? 'not_null' AND NOT c ? 'not_null_unproven' THEN concat('CONSTRAINT ' || quote_ident(nullif(filled, '')) || ' ', 'NOT NULL',
            CASE WHEN c ? 'not_null_local' AND NOT r ? 'partition_by' THEN ' NO INHERIT' END) END,
          'DEFAULT ' || (c ->> 'default'),
          CASE WHEN (c ->> 'serial')::boolean THEN format('DEFAULT nextval(%L::regclass)', format('%I.%I', home, sequence)) END,
          format('GENERATED ALWAYS AS (%s) ', c ->> 'generated') || (c ->> 'generated_as'),
          CASE WHEN c ? 'identity' THEN format('GENERATED %s AS IDENTITY (SEQUENCE NAME %s)', c ->> 'identity',
            (SELECT sequence_identity || ' ' || options FROM sequence AS q WHERE q.of_identity AND q.column_place = col.column_place)) END
          ), ', ' ORDER BY column_place))
        FROM col WHERE col.place = relation.place) END)
      || concat(' PARTITION BY ' || (r ->> 'partition_by'), ' USING ' || quote_ident(r ->> 'method'),
        ' WITH (' || (r ->> 'options') || ')', ' TABLESPACE ' || quote_ident(r ->> 'tablespace'))
  FROM relation
  UNION ALL
  SELECT 'tables', place, 2, column_place, step, 'alter_table_stmt', called,
    format('ALTER TABLE %s ALTER COLUMN %I SET %s', identity, c ->> 'name', said)
  FROM col
  CROSS JOIN LATERAL (VALUES
    (1, 'STORAGE ' || (c ->> 'storage')), (2, 'COMPRESSION ' || (c ->> 'compression')), (3, '(' || (c ->> 'options') || ')')
  ) AS setting (step, said)
  WHERE said IS NOT NULL
  UNION ALL
  SELECT 'tables', place, 2, column_place, 4, 'comment_stmt', called,
    format('COMMENT ON COLUMN %s.%I IS %L', identity, c ->> 'name', c ->> 'comment')
  FROM col WHERE c ? 'comment'
  UNION ALL
  SELECT 'tables', place, 3, 0, 0, 'alter_table_stmt', called,
    format('ALTER TABLE ONLY %s ALTER COLUMN %I SET STATISTICS %s', identity, t.key, t.value::integer)
  FROM relation CROSS JOIN LATERAL jsonb_each_text(r -> 'targets') AS t
  UNION ALL
  SELECT 'tables', place, 4, 0, 0, 'comment_stmt', called, format('COMMENT ON TABLE %s IS %L', identity, r ->> 'comment')
  FROM relation WHERE r ? 'comment' AND NOT starts_with(r ->> 'comment', 'executor: a partition of ')  -- by which `executor maintain` would drop it one day
  UNION ALL
  -- indexes, constraints but foreign keys, and statistics of the loaded tables
  SELECT 'rest', place, 1, index_place, 0, 'variable_set_stmt', called, format('SET LOCAL default_tablespace = %L', coalesce(i ->> 'tablespace', ''))
  FROM index
  UNION ALL
  SELECT 'rest', place, 1, index_place, 1, CASE WHEN i ? 'constraint' THEN 'alter_table_stmt' ELSE 'index_stmt' END, called,
    CASE WHEN i ? 'constraint' THEN format('ALTER TABLE ONLY %s ADD CONSTRAINT %I %s', identity, index_name, i ->> 'constraint')
      ELSE format('CREATE %sINDEX %I ON ONLY %s%s', CASE WHEN (i ->> 'unique')::boolean THEN 'UNIQUE ' END, index_name, identity, i ->> 'body') END
  FROM index
  UNION ALL
  SELECT 'rest', place, 1, index_place, 2, 'alter_table_stmt', index_name, format('ALTER INDEX %s SET (%s)', index_identity, i ->> 'options')
  FROM index WHERE i ? 'options'
  UNION ALL
  SELECT 'rest', place, 1, index_place, 3, 'comment_stmt', called,
    format('COMMENT ON CONSTRAINT %I ON %s IS %L', index_name, identity, i ->> 'constraint_comment')
  FROM index WHERE i ? 'constraint_comment'
  UNION ALL
  SELECT 'rest', place, 1, index_place, 4, 'alter_table_stmt', above, format('ALTER INDEX %I.%I ATTACH PARTITION %s', home, above, index_identity)
  FROM index WHERE above IS NOT NULL
  UNION ALL
  SELECT 'rest', place, 1, index_place, 5, 'alter_table_stmt', index_name,
    format('ALTER INDEX %s ALTER COLUMN %s SET STATISTICS %s', index_identity, t.key::integer, t.value::integer)
  FROM index CROSS JOIN LATERAL jsonb_each_text(i -> 'targets') AS t
  UNION ALL
  SELECT 'rest', place, 1, index_place, 6, 'alter_table_stmt', called, format('ALTER TABLE %s CLUSTER ON %I', identity, index_name)
  FROM index WHERE i ? 'clustered'
  UNION ALL
  SELECT 'rest', place, 1, index_place, 7, 'alter_table_stmt', called,
    format('ALTER TABLE ONLY %s REPLICA IDENTITY USING INDEX %I', identity, index_name)
  FROM index WHERE i ? 'identity'
  UNION ALL
  SELECT 'rest', place, 1, index_place, 8, 'comment_stmt', index_name, format('COMMENT ON INDEX %s IS %L', index_identity, i ->> 'comment')
  FROM index WHERE i ? 'comment'
  UNION ALL
  SELECT 'rest', place, 2, 0, 0, 'variable_set_stmt', called, 'SET LOCAL default_tablespace = '''''
  FROM relation WHERE r ? 'indexes'
  UNION ALL
  SELECT 'rest', place, 3, constraint_place, 1, 'alter_table_stmt', called,
    format('ALTER TABLE %s ADD CONSTRAINT %I %s', identity, constraint_name, k ->> 'definition')
  FROM restriction WHERE k ->> 'type' = 'c'
  UNION ALL
  -- what is not proven of the rows does not keep them out
  SELECT 'rest', place, 3, column_place, 3, 'alter_table_stmt', called,
    format('ALTER TABLE %s ADD CONSTRAINT %I NOT NULL %I%s NOT VALID', identity, filled, c ->> 'name',
      CASE WHEN c ? 'not_null_local' AND NOT r ? 'partition_by' THEN ' NO INHERIT' END)
  FROM col WHERE c ? 'not_null_unproven'
  UNION ALL
  SELECT 'rest', place, 3, column_place, 4, 'comment_stmt', called,
    format('COMMENT ON CONSTRAINT %I ON %s IS %L', filled, identity, c ->> 'not_null_comment')
  FROM col WHERE c ? 'not_null_comment' AND c ? 'not_null_name'
  UNION ALL
  SELECT 'rest', place, 4, statistic_place, 1, 'create_stats_stmt', called,
    format('CREATE STATISTICS %s%s FROM %s', statistic_identity, s ->> 'body', identity)
  FROM statistic
  UNION ALL
  SELECT 'rest', place, 4, statistic_place, 2, 'alter_stats_stmt', statistic_name,
    format('ALTER STATISTICS %s SET STATISTICS %s', statistic_identity, (s ->> 'target')::integer)
  FROM statistic WHERE s ? 'target'
  UNION ALL
  SELECT 'rest', place, 4, statistic_place, 3, 'comment_stmt', statistic_name,
    format('COMMENT ON STATISTICS %s IS %L', statistic_identity, s ->> 'comment')
  FROM statistic WHERE s ? 'comment'
  UNION ALL
  SELECT 'rest', place, 5, 0, 0, 'alter_table_stmt', called, format('ALTER TABLE ONLY %s REPLICA IDENTITY %s', identity, r ->> 'identity')
  FROM relation WHERE r ? 'identity'
  UNION ALL
  SELECT 'rest', place, 6, column_place, 1, 'alter_seq_stmt', sequence_name,
    format('ALTER SEQUENCE %s OWNED BY %s.%I', sequence_identity, identity, c ->> 'name')
  FROM sequence WHERE NOT of_identity
  UNION ALL
  SELECT 'rest', place, 6, column_place, 2, 'comment_stmt', sequence_name,
    format('COMMENT ON SEQUENCE %s IS %L', sequence_identity, s ->> 'comment')
  FROM sequence WHERE s ? 'comment'
  UNION ALL
  -- Foreign keys, without a look at the rows where PostgreSQL can: they are validated afterwards, so that nobody
  -- waits for that.
  SELECT 'keys', place, 1, constraint_place, 1, 'alter_table_stmt', called,
    format('ALTER TABLE %s ADD CONSTRAINT %I %s%s', identity, constraint_name,
      coalesce((k ->> 'before_self') || {{ target | literal }} || (k ->> 'after_self'), k ->> 'definition'),
      CASE WHEN k ->> 'definition' !~ ' NOT (VALID|ENFORCED)$'
        AND (NOT definition -> 'relations' -> 0 ? 'partition_by' OR current_setting('server_version_num')::integer >= 180000)
        THEN ' NOT VALID' END)
  FROM restriction CROSS JOIN given WHERE k ->> 'type' = 'f'
  UNION ALL
  SELECT CASE k ->> 'type' WHEN 'f' THEN 'keys' ELSE 'rest' END, place, CASE k ->> 'type' WHEN 'f' THEN 1 ELSE 3 END, constraint_place, 2,
    'comment_stmt', called, format('COMMENT ON CONSTRAINT %I ON %s IS %L', constraint_name, identity, k ->> 'comment')
  FROM restriction WHERE k ? 'comment' AND k ->> 'type' IN ('c', 'f')
)
SELECT phase, kind, {{ target.schema | literal }}::text AS schema, about, text AS statement
FROM statement
ORDER BY relation_place, part, item_place, step;
