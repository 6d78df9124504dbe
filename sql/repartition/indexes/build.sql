-- Builds the indexes, primary keys and unique constraints of one loaded partition, and attaches those
-- that the new table has, too; attaching scans nothing.
-- Lock: SHARE on the partition, which nobody uses; at the end SHARE UPDATE EXCLUSIVE on the new table's
-- indexes, for which the workers wait in turn.
{% from 'repartition/target/partition_name.sql' import partition with context %}
SET LOCAL lock_timeout = '10min';  -- nobody but the other workers is kept waiting
{% if workers > 1 and partition_count > 1 %}
SET LOCAL max_parallel_maintenance_workers = 0;  -- the others build, too: starting helpers takes longer than it saves
{% endif %}

{% with written = [], read = [source, partition], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}

DO $executor$
DECLARE
  leaf regclass := {{ partition | literal }};
  index record;
  item record;
  attachments text[] := '{}';
  attachment text;
BEGIN
  FOR index IN
{% with relation = partition %}
{% include 'repartition/indexes/wanted.sql' %}
{% endwith %}
  LOOP
    PERFORM set_config('default_tablespace', index.tablespace, true);
    EXECUTE format('CREATE %s %I ON %s%s', index.kind, index.name, leaf, index.body);
    IF index.constraint_type IS NOT NULL THEN
      EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I %s USING INDEX %2$I%4$s',
                     leaf, index.name, index.constraint_type, index.deferrable);
    END IF;
    IF index.on_parent THEN
      attachments := attachments || format('ALTER INDEX %I.%I ATTACH PARTITION %1$I.%3$I',
                                           {{ partition.schema | literal }}, index.parent_name, index.name);
    END IF;
    IF index.comment IS NOT NULL AND NOT index.on_parent THEN
      EXECUTE format('COMMENT ON INDEX %I.%I IS %L', {{ partition.schema | literal }}, index.name, index.comment);
    END IF;
    IF index.constraint_comment IS NOT NULL AND NOT index.on_parent THEN
      EXECUTE format('COMMENT ON CONSTRAINT %I ON %s IS %L', index.name, leaf, index.constraint_comment);
    END IF;
    IF index.clustered THEN
      EXECUTE format('ALTER TABLE %s CLUSTER ON %I', leaf, index.name);
    END IF;
    IF index.replica_identity THEN
      EXECUTE format('ALTER TABLE %s REPLICA IDENTITY USING INDEX %I', leaf, index.name);
    END IF;
    -- ANALYZE looks at the statistics target of an expression in the partition's own index.
    FOR item IN
      SELECT attnum, attstattarget FROM pg_attribute
      WHERE attrelid = index.source_index AND attstattarget >= 0
    LOOP
      EXECUTE format('ALTER INDEX %I.%I ALTER COLUMN %s SET STATISTICS %s', {{ partition.schema | literal }},
                     index.name, item.attnum, item.attstattarget);
    END LOOP;
  END LOOP;
  IF (SELECT relreplident FROM pg_class WHERE oid = (
      SELECT relid FROM pg_partition_tree({{ source | literal }}::regclass) WHERE isleaf
      UNION ALL SELECT {{ source | literal }}::regclass LIMIT 1)) = 'd' THEN
    EXECUTE format('ALTER TABLE %s REPLICA IDENTITY DEFAULT', leaf);
  END IF;
  FOREACH attachment IN ARRAY attachments LOOP
    EXECUTE attachment;
  END LOOP;
END
$executor$;
