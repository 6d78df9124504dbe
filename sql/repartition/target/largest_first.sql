-- The numbers of the partitions, the largest first: no worker begins with one when the others have no more.
SELECT item
FROM generate_series(0, {{ partition_count }} - 1) AS item
ORDER BY pg_relation_size(to_regclass(format('%I.%I', {{ source.schema | literal }}, {{ (source.name ~ '_part_') | literal }}
  || lpad(item::text, greatest(2, length(({{ partition_count }} - 1)::text)), '0')))) DESC NULLS LAST, item
