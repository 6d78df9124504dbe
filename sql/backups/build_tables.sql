-- Makes an empty table and its partitions from a recorded definition, without indexes and constraints.
{% include 'backups/names.sql' %}

DO $executor$
DECLARE
  definition jsonb := {{ definition | literal }}::jsonb;
  target_schema text := {{ target.schema | literal }};
  relation jsonb;
  item record;
  called text;
  columns text;
BEGIN
  FOR item IN
    SELECT n.new_name, c -> 'sequence' AS sequence
    FROM jsonb_array_elements(definition -> 'relations' -> 0 -> 'columns') AS c
    JOIN pg_temp.restored_names AS n ON n.name = c -> 'sequence' ->> 'name' AND n.kind <> 'STATISTICS'
    WHERE (c ->> 'serial')::boolean
  LOOP
    EXECUTE format('CREATE SEQUENCE %I.%I AS %s INCREMENT %s MINVALUE %s MAXVALUE %s START %s CACHE %s %s', target_schema, item.new_name,
      item.sequence ->> 'type', item.sequence ->> 'increment', item.sequence ->> 'min', item.sequence ->> 'max',
      item.sequence ->> 'start', item.sequence ->> 'cache', CASE WHEN (item.sequence ->> 'cycle')::boolean THEN 'CYCLE' ELSE 'NO CYCLE' END);
  END LOOP;

  FOR relation IN SELECT * FROM jsonb_array_elements(definition -> 'relations') LOOP
    called := (SELECT new_name FROM pg_temp.restored_names AS n WHERE n.name = relation ->> 'name' AND n.kind <> 'STATISTICS');
    IF relation ? 'parent' THEN
      EXECUTE format('CREATE %sTABLE %I.%I PARTITION OF %I.%I %s%s%s%s%s', CASE WHEN relation ? 'unlogged' THEN 'UNLOGGED ' END,
        target_schema, called, target_schema, (SELECT new_name FROM pg_temp.restored_names AS n WHERE n.name = relation ->> 'parent' AND n.kind <> 'STATISTICS'),
        relation ->> 'bound', ' PARTITION BY ' || (relation ->> 'partition_by'), ' USING ' || quote_ident(relation ->> 'method'),
        ' WITH (' || (relation ->> 'options') || ')', ' TABLESPACE ' || quote_ident(relation ->> 'tablespace'));
    ELSE
      SELECT string_agg(concat_ws(' ',
        quote_ident(c ->> 'name'), c ->> 'type', 'COLLATE ' || (c ->> 'collation'),
        CASE WHEN c ? 'not_null' THEN
          CASE WHEN c ? 'not_null_name' THEN format('CONSTRAINT %I ',
{% if exact %}
            c ->> 'not_null_name'
{% else %}
            CASE WHEN c ->> 'not_null_name' = format('%s_%s_not_null', definition ->> 'name', c ->> 'name')
              THEN format('%s_%s_not_null', called, c ->> 'name') ELSE c ->> 'not_null_name' END
{% endif %}
          ) ELSE '' END || 'NOT NULL' END,
        'DEFAULT ' || (c ->> 'default'),
        CASE WHEN (c ->> 'serial')::boolean THEN format('DEFAULT nextval(%L::regclass)', format('%I.%I', target_schema, n.new_name)) END,
        format('GENERATED ALWAYS AS (%s) ', c ->> 'generated') || (c ->> 'generated_as'),
        CASE WHEN c ? 'identity' THEN format(
          'GENERATED %s AS IDENTITY (SEQUENCE NAME %I.%I START %s INCREMENT %s MINVALUE %s MAXVALUE %s CACHE %s %s)', c ->> 'identity', target_schema, n.new_name,
          c -> 'sequence' ->> 'start', c -> 'sequence' ->> 'increment', c -> 'sequence' ->> 'min', c -> 'sequence' ->> 'max',
          c -> 'sequence' ->> 'cache', CASE WHEN (c -> 'sequence' ->> 'cycle')::boolean THEN 'CYCLE' ELSE 'NO CYCLE' END) END
        ), ', ' ORDER BY place) INTO columns
      FROM jsonb_array_elements(relation -> 'columns') WITH ORDINALITY AS given (c, place)
      LEFT JOIN pg_temp.restored_names AS n ON n.name = c -> 'sequence' ->> 'name' AND n.kind <> 'STATISTICS';
      EXECUTE format('CREATE %sTABLE %I.%I (%s)%s%s%s%s', CASE WHEN relation ? 'unlogged' THEN 'UNLOGGED ' END, target_schema, called, columns,
        ' PARTITION BY ' || (relation ->> 'partition_by'), ' USING ' || quote_ident(relation ->> 'method'),
        ' WITH (' || (relation ->> 'options') || ')', ' TABLESPACE ' || quote_ident(relation ->> 'tablespace'));
      FOR item IN SELECT c FROM jsonb_array_elements(relation -> 'columns') AS c LOOP
        IF item.c ? 'storage' THEN
          EXECUTE format('ALTER TABLE %I.%I ALTER COLUMN %I SET STORAGE %s', target_schema, called, item.c ->> 'name', item.c ->> 'storage');
        END IF;
        IF item.c ? 'compression' THEN
          EXECUTE format('ALTER TABLE %I.%I ALTER COLUMN %I SET COMPRESSION %s', target_schema, called, item.c ->> 'name', item.c ->> 'compression');
        END IF;
        IF item.c ? 'options' THEN
          EXECUTE format('ALTER TABLE %I.%I ALTER COLUMN %I SET (%s)', target_schema, called, item.c ->> 'name', item.c ->> 'options');
        END IF;
        IF item.c ? 'comment' THEN
          EXECUTE format('COMMENT ON COLUMN %I.%I.%I IS %L', target_schema, called, item.c ->> 'name', item.c ->> 'comment');
        END IF;
      END LOOP;
    END IF;
    FOR item IN SELECT * FROM jsonb_each_text(relation -> 'targets') LOOP
      EXECUTE format('ALTER TABLE ONLY %I.%I ALTER COLUMN %I SET STATISTICS %s', target_schema, called, item.key, item.value);
    END LOOP;
    IF relation ? 'comment' THEN
      EXECUTE format('COMMENT ON TABLE %I.%I IS %L', target_schema, called, relation ->> 'comment');
    END IF;
  END LOOP;
END
$executor$;
