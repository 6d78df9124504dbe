{## Names that it needs besides: each with whether it is ours. ##}
{% from 'repartition/earlier.sql' import earlier, ending with context %}
  UNION ALL
  SELECT p.proname || '()', false
  FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
  WHERE n.nspname = {{ source.schema | literal }} AND p.pronargs = 0 AND p.proname = {{ (source | suffix(ending)).name | literal }}
{% if not earlier.owns_key %}
  UNION ALL
  SELECT 'constraint ' || conname, false FROM pg_constraint
  WHERE conrelid = to_regclass({{ source | literal }}) AND conname = 'partition_key_check'
  UNION ALL
  SELECT DISTINCT 'trigger ' || tgname, false FROM pg_trigger
  WHERE tgname = 'zz_partition_key'
    AND (tgrelid = to_regclass({{ source | literal }})
      OR tgrelid IN (SELECT relid FROM pg_partition_tree(to_regclass({{ source | literal }}))))
{% endif %}
