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
{% include 'chunks/storage_parameters.sql' %}
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
  -- Subscribers are told by the table as a whole what identifies a row{% if routing == 'expression' %}, and it will have no key as a whole,
  -- so it says: all columns. The partitions log as much as the source does{% endif %}.
  EXECUTE format('ALTER TABLE %s REPLICA IDENTITY %s', {{ target | literal }}::regclass,
{% if routing == 'expression' %}
                 CASE leaf.relreplident WHEN 'n' THEN 'NOTHING' ELSE 'FULL' END);
{% else %}
                 CASE leaf.relreplident WHEN 'n' THEN 'NOTHING' WHEN 'd' THEN 'DEFAULT' ELSE 'FULL' END);
{% endif %}
END
$executor$;

{% with relation = target %}
{% include 'chunks/private.sql' %}
{% endwith %}
