{## Enters the table executor_kept into the registry as executor_kind, with its retention and the definition of the
    table executor_original, of which it is a backup, or itself; or with executor_definition, which an old table had
    when it was in use: then it is the backup. A block of PL/pgSQL from its DECLARE on.

    pg_sequence_last_value() does not know a sequence that was set and not yet drawn from. Those of a table that the
    swap has replaced were put to their end by it, or belong to the table in use: theirs is where the ones of that are. -##}
  executor_said jsonb := executor_definition;
  executor_asked regclass := executor_original;
  executor_column record;
  executor_place jsonb;
BEGIN
  DECLARE
    executor_measured CONSTANT regclass := executor_kept;
{% include 'backups/measured.sql' %};
  IF executor_said IS NULL THEN
    executor_said := {% include 'tables/definition.sql' %};
  END IF;
  IF EXISTS (SELECT FROM pg_trigger WHERE tgrelid = executor_original AND tgname = 'executor_guard') THEN
    executor_asked := to_regclass({{ source | literal }});
  END IF;
  FOR executor_column IN
    SELECT ARRAY['relations', '0', 'columns', (place - 1)::text, 'sequence'] AS path, c -> 'sequence' AS said, its.sequence
    FROM jsonb_array_elements(executor_said -> 'relations' -> 0 -> 'columns') WITH ORDINALITY AS given (c, place)
    CROSS JOIN LATERAL (
      SELECT s.oid AS sequence
      FROM pg_attribute AS a
      JOIN pg_depend AS d ON d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
        AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum AND d.deptype IN ('a', 'i')
      JOIN pg_class AS s ON s.oid = d.objid AND s.relkind = 'S'
      WHERE a.attrelid = executor_asked AND a.attname = c ->> 'name' AND has_table_privilege(s.oid, 'SELECT')
      ORDER BY (d.deptype = 'i') = (c ? 'identity') DESC, s.relname = c -> 'sequence' ->> 'name' DESC, s.oid
      LIMIT 1
    ) AS its
    WHERE c ? 'sequence'
  LOOP
    EXECUTE format('SELECT jsonb_build_object(''last'', last_value, ''called'', is_called, ''cycle'', seqcycle)
      FROM %s, pg_sequence WHERE seqrelid = %s', executor_column.sequence::regclass, executor_column.sequence) INTO executor_place;
    executor_said := jsonb_set(executor_said, executor_column.path, executor_column.said || executor_place);
  END LOOP;
  INSERT INTO {{ source.schema | ident }}.migration_backups (
    backup_table_name, original_table_name, record_count, migration_revision, retention_until,
    kind, is_backup, run, table_oid, size_bytes, digest, verified_at, definition
  )
  SELECT
    (SELECT relname FROM pg_class WHERE oid = executor_kept),
    {{ source.name | literal }},
    content.record_count,
    {{ revision | literal }},
    now() + {{ retention | literal }}::interval,
    executor_kind,
    executor_kind = 'backup' OR executor_definition IS NOT NULL,
    {{ timestamp | literal }},
    executor_kept,
    (SELECT sum(pg_total_relation_size(relid)) FROM (
      SELECT executor_kept AS relid
      UNION SELECT relid FROM pg_partition_tree(executor_kept)) AS tree),
    content.digest,
    now(),
    executor_said
  FROM (
      SELECT (measured ->> 'record_count')::bigint AS record_count, measured ->> 'digest' AS digest
      FROM CAST(current_setting('executor.content') AS jsonb) AS measured
  ) AS content;
END
