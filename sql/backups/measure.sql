{## Measures `table` for digest.sql, which has to be given the same one: how many rows it has, and a digest of all their columns, whatever their
    order. Each row has one 64-bit hash; it is hashed again, since it is itself a sum over its columns, and
    summed as numeric: that can't overflow, and a doubled row does not cancel out as it does with XOR. -##}
DO $executor$
DECLARE
  measured CONSTANT regclass := {{ table | literal }};
{% include 'backups/measure_table.sql' %}
$executor$;
