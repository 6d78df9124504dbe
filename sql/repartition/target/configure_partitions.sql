-- What a partition does not take from its parent: the storage parameters and the replica identity of
-- the tables that hold the rows now, and their owner. Nobody else may read a partition, because row
-- level security and privileges are those of the table as a whole.
-- Lock: ACCESS EXCLUSIVE on the new table's partitions, which nobody uses and which are empty.
DO $executor$
DECLARE
  source regclass := {{ source | literal }};
  identity "char";
  options text;
  partition regclass;
BEGIN
  SELECT c.relreplident INTO identity
  FROM pg_class AS c
  WHERE c.relkind = 'r'
    AND c.oid IN (SELECT source UNION SELECT relid FROM pg_partition_tree(source) WHERE isleaf)
  ORDER BY c.oid LIMIT 1;
  SELECT string_agg(format('%s%I = %L', place, option_name, option_value), ', ') INTO options
  FROM (
{% include 'tables/storage_parameters.sql' %}
  ) AS parameter
  WHERE option_name <> 'autovacuum_enabled';  -- which is off until the step `vacuum`
  FOR partition IN
    SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = {{ target | literal }}::regclass
  LOOP
    IF options IS NOT NULL THEN
      EXECUTE format('ALTER TABLE %s SET (%s)', partition, options);
    END IF;
    -- FULL until there is a key: a publication of all tables would stop deletes
    EXECUTE format('ALTER TABLE %s REPLICA IDENTITY %s', partition,
                   CASE identity WHEN 'n' THEN 'NOTHING' ELSE 'FULL' END);
  END LOOP;
  -- Subscribers are told by the table as a whole what identifies a row; partitioned by an expression it has no
  -- key as a whole, so that is all columns. The partitions log as much as the source does.
  EXECUTE format('ALTER TABLE %s REPLICA IDENTITY %s', {{ target | literal }}::regclass,
                 CASE identity WHEN 'n' THEN 'NOTHING'{% if routing != 'expression' %} WHEN 'd' THEN 'DEFAULT'{% endif %} ELSE 'FULL' END);
END
$executor$;

{% with relation = target %}
{% include 'security/private.sql' %}
{% include 'repartition/target/added.sql' %}
{% endwith %}
