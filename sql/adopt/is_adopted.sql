-- Whether the table is partitioned as the plan does it, with the table that it was as its first partition.
SELECT coalesce((
  SELECT pg_get_partkeydef(c.oid) = format('{% include 'adopt/' ~ method ~ '/partition_by.sql' %} (%I)', {{ key_column | literal }})
    AND EXISTS (SELECT FROM pg_inherits AS i WHERE i.inhparent = c.oid AND i.inhrelid = to_regclass({{ old | literal }}))
  FROM pg_class AS c
  WHERE c.oid = to_regclass({{ source | literal }}) AND c.relkind = 'p'
), false)
