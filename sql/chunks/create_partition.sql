-- One partition, under its final name. PostgreSQL does not conclude partition_key = {{ item }} from an
-- expression, so a CHECK says it, and the planner prunes by it.
{% from 'chunks/partition.sql' import partition with context %}
CREATE TABLE {{ partition | ident }} PARTITION OF {{ target | ident }}
{% if routing == 'expression' %}
  (CONSTRAINT partition_key_check CHECK (partition_key = {{ item }}))
{% endif %}
{% if routing == 'hash' %}
  FOR VALUES WITH (MODULUS {{ partition_count }}, REMAINDER {{ item }});
{% else %}
  FOR VALUES IN ({{ item }});
{% endif %}

-- Storage parameters and the replica identity belong to the tables that hold rows.
DO $executor$
DECLARE
  source regclass := {{ source | literal }};
  partition regclass := {{ partition | literal }};
  leaf pg_class;
  options text;
BEGIN
  SELECT c.* INTO leaf
  FROM pg_class AS c
  WHERE c.relkind = 'r'
    AND c.oid IN (SELECT source UNION SELECT relid FROM pg_partition_tree(source) WHERE isleaf)
  ORDER BY c.oid LIMIT 1;
  SELECT string_agg(format('%s%I = %L', place, option_name, option_value), ', ') INTO options
  FROM (
    SELECT '' AS place, o.* FROM pg_options_to_table(leaf.reloptions) AS o
    UNION ALL
    SELECT 'toast.', o.*
    FROM pg_class AS toast, pg_options_to_table(toast.reloptions) AS o
    WHERE toast.oid = leaf.reltoastrelid
  ) AS parameter;
  IF options IS NOT NULL THEN
    EXECUTE format('ALTER TABLE %s SET (%s)', partition, options);
  END IF;
  IF leaf.relreplident IN ('f', 'n') THEN
    EXECUTE format('ALTER TABLE %s REPLICA IDENTITY %s', partition,
                   CASE leaf.relreplident WHEN 'f' THEN 'FULL' ELSE 'NOTHING' END);
  END IF;
END
$executor$;

{% with relation = partition %}
{% include 'chunks/private.sql' %}
{% endwith %}
