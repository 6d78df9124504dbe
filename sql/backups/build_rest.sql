-- Gives the loaded table its indexes, constraints but foreign keys, statistics and sequences.
DO $executor$
DECLARE
  definition jsonb := {{ definition | literal }}::jsonb;
  target_schema text := {{ target.schema | literal }};
  relation jsonb;
  item record;
  target record;
  called text;
  identity text;
  top bigint;
BEGIN
  FOR relation IN SELECT * FROM jsonb_array_elements(definition -> 'relations') LOOP
    called := (SELECT new_name FROM pg_temp.restored_names AS n WHERE n.name = relation ->> 'name' AND n.kind <> 'STATISTICS');
    identity := format('%I.%I', target_schema, called);
    FOR item IN
      SELECT i, n.new_name, p.new_name AS parent
      FROM jsonb_array_elements(relation -> 'indexes') WITH ORDINALITY AS given (i, place)
      JOIN pg_temp.restored_names AS n ON n.name = i ->> 'name' AND n.kind <> 'STATISTICS'
      LEFT JOIN pg_temp.restored_names AS p ON p.name = i ->> 'attached_to' AND p.kind <> 'STATISTICS'
      ORDER BY place
    LOOP
      PERFORM set_config('default_tablespace', coalesce(item.i ->> 'tablespace', ''), true);
      IF item.i ? 'constraint' THEN
        EXECUTE format('ALTER TABLE ONLY %s ADD CONSTRAINT %I %s', identity, item.new_name, item.i ->> 'constraint');
        IF item.i ? 'options' THEN
          EXECUTE format('ALTER INDEX %I.%I SET (%s)', target_schema, item.new_name, item.i ->> 'options');
        END IF;
        IF item.i ? 'constraint_comment' THEN
          EXECUTE format('COMMENT ON CONSTRAINT %I ON %s IS %L', item.new_name, identity, item.i ->> 'constraint_comment');
        END IF;
      ELSE
        EXECUTE format('CREATE %sINDEX %I ON ONLY %s%s', CASE WHEN (item.i ->> 'unique')::boolean THEN 'UNIQUE ' END,
          item.new_name, identity, item.i ->> 'body');
      END IF;
      IF item.parent IS NOT NULL THEN
        EXECUTE format('ALTER INDEX %I.%I ATTACH PARTITION %I.%I', target_schema, item.parent, target_schema, item.new_name);
      END IF;
      FOR target IN SELECT * FROM jsonb_each_text(item.i -> 'targets') LOOP
        EXECUTE format('ALTER INDEX %I.%I ALTER COLUMN %s SET STATISTICS %s', target_schema, item.new_name, target.key, target.value);
      END LOOP;
      IF item.i ? 'clustered' THEN
        EXECUTE format('ALTER TABLE %s CLUSTER ON %I', identity, item.new_name);
      END IF;
      IF item.i ? 'identity' THEN
        EXECUTE format('ALTER TABLE ONLY %s REPLICA IDENTITY USING INDEX %I', identity, item.new_name);
      END IF;
      IF item.i ? 'comment' THEN
        EXECUTE format('COMMENT ON INDEX %I.%I IS %L', target_schema, item.new_name, item.i ->> 'comment');
      END IF;
    END LOOP;
    PERFORM set_config('default_tablespace', '', true);

    FOR item IN
      SELECT k,
{% if exact %}
        k ->> 'name' AS new_name
{% else %}
        CASE WHEN starts_with(k ->> 'name', (definition ->> 'name') || '_')
          THEN left({{ target.name | literal }} || substr(k ->> 'name', length(definition ->> 'name') + 1), 63)
          ELSE k ->> 'name' END AS new_name
{% endif %}
      FROM jsonb_array_elements(relation -> 'constraints') AS k
      WHERE k ->> 'type' = 'c'
    LOOP
      EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I %s', identity, item.new_name, item.k ->> 'definition');
      IF item.k ? 'comment' THEN
        EXECUTE format('COMMENT ON CONSTRAINT %I ON %s IS %L', item.new_name, identity, item.k ->> 'comment');
      END IF;
    END LOOP;

    FOR item IN
      SELECT s, n.new_name FROM jsonb_array_elements(relation -> 'statistics') AS s
      JOIN pg_temp.restored_names AS n ON n.name = s ->> 'name' AND n.kind = 'STATISTICS'
    LOOP
      EXECUTE format('CREATE STATISTICS %I.%I%s FROM %s', target_schema, item.new_name, item.s ->> 'body', identity);
      IF item.s ? 'target' THEN
        EXECUTE format('ALTER STATISTICS %I.%I SET STATISTICS %s', target_schema, item.new_name, item.s ->> 'target');
      END IF;
      IF item.s ? 'comment' THEN
        EXECUTE format('COMMENT ON STATISTICS %I.%I IS %L', target_schema, item.new_name, item.s ->> 'comment');
      END IF;
    END LOOP;
    IF relation ? 'identity' THEN
      EXECUTE format('ALTER TABLE ONLY %s REPLICA IDENTITY %s', identity, relation ->> 'identity');
    END IF;

    -- An id is never given out twice: a sequence goes on after what it had given and what the rows have.
    FOR item IN
      SELECT c, c -> 'sequence' AS s, n.new_name FROM jsonb_array_elements(relation -> 'columns') AS c
      JOIN pg_temp.restored_names AS n ON n.name = c -> 'sequence' ->> 'name' AND n.kind <> 'STATISTICS'
    LOOP
      IF (item.c ->> 'serial')::boolean THEN
        EXECUTE format('ALTER SEQUENCE %I.%I OWNED BY %s.%I', target_schema, item.new_name, identity, item.c ->> 'name');
      ELSIF NOT item.c ? 'identity' THEN
        CONTINUE;
      END IF;
      EXECUTE format('SELECT %s(%I)::bigint FROM %s', CASE WHEN (item.s ->> 'increment')::bigint > 0 THEN 'max' ELSE 'min' END,
        item.c ->> 'name', identity) INTO top;
      top := CASE WHEN (item.s ->> 'increment')::bigint > 0 THEN greatest(top, (item.s ->> 'last')::bigint)
                  ELSE least(top, (item.s ->> 'last')::bigint) END;
      IF top BETWEEN (item.s ->> 'min')::bigint AND (item.s ->> 'max')::bigint THEN
        PERFORM setval(format('%I.%I', target_schema, item.new_name)::regclass, top);
      END IF;
      IF item.s ? 'comment' THEN
        EXECUTE format('COMMENT ON SEQUENCE %I.%I IS %L', target_schema, item.new_name, item.s ->> 'comment');
      END IF;
    END LOOP;
  END LOOP;
END
$executor$;

{% with relation = target, source = owner %}
{% include 'chunks/private.sql' %}
{% endwith %}
