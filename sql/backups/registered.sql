{## Enters the table executor_kept into the registry as executor_kind, with its retention and the definition of the
    table executor_original, of which it is a backup, or itself. A block of PL/pgSQL from its DECLARE on.

    pg_sequence_last_value() does not know a sequence that was set and not yet drawn from. Those of a table that the
    swap has replaced were put to their end by it: theirs is where the ones of the table in use are. -##}
  executor_sequence record;
  executor_place jsonb;
  executor_places jsonb := '{}';
BEGIN
  DECLARE
    executor_measured CONSTANT regclass := executor_kept;
{% include 'backups/measured.sql' %};
  FOR executor_sequence IN
    SELECT c.oid AS sequence, coalesce(live.sequence, c.oid) AS asked
    FROM pg_depend AS d
    JOIN pg_class AS c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid AND c.relkind = 'S'
    LEFT JOIN LATERAL (
      SELECT here.objid AS sequence
      FROM pg_attribute AS own
      JOIN pg_attribute AS a ON a.attrelid = to_regclass({{ source | literal }}) AND a.attname = own.attname
      JOIN pg_depend AS here ON here.classid = 'pg_class'::regclass AND here.refclassid = 'pg_class'::regclass
        AND here.refobjid = a.attrelid AND here.refobjsubid = a.attnum AND here.deptype = 'i'
      WHERE own.attrelid = d.refobjid AND own.attnum = d.refobjsubid AND d.deptype = 'i'
        AND EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgrelid = d.refobjid AND t.tgname = 'executor_guard')
    ) AS live ON true
    WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = executor_original AND d.deptype IN ('a', 'i')
      AND has_table_privilege(coalesce(live.sequence, c.oid), 'SELECT')
  LOOP
    EXECUTE format('SELECT jsonb_build_array(last_value, is_called, seqcycle) FROM %s, pg_sequence WHERE seqrelid = %s',
      executor_sequence.asked::regclass, executor_sequence.asked) INTO executor_place;
    executor_places := executor_places || jsonb_build_object(executor_sequence.sequence::text, executor_place);
  END LOOP;
  PERFORM set_config('executor.sequences', executor_places::text, true);
  INSERT INTO {{ source.schema | ident }}.migration_backups (
    backup_table_name, original_table_name, record_count, migration_revision, retention_until,
    kind, run, table_oid, size_bytes, digest, verified_at, definition
  )
  SELECT
    (SELECT relname FROM pg_class WHERE oid = executor_kept),
    {{ source.name | literal }},
    content.record_count,
    {{ revision | literal }},
    now() + {{ retention | literal }}::interval,
    executor_kind,
    {{ timestamp | literal }},
    executor_kept,
    (SELECT sum(pg_total_relation_size(relid)) FROM (
      SELECT executor_kept AS relid
      UNION SELECT relid FROM pg_partition_tree(executor_kept)) AS tree),
    content.digest,
    now(),
{% include 'tables/definition.sql' %}

  FROM (
      SELECT (measured ->> 'record_count')::bigint AS record_count, measured ->> 'digest' AS digest
      FROM CAST(current_setting('executor.content') AS jsonb) AS measured
  ) AS content;
END
