{## Whether the table `c` is divided by these values, whatever its partitions are in turn: an expression. A default partition, and one for each value that many rows have. ##}
pg_get_partkeydef(c.oid) = 'LIST (' || quote_ident({{ key_column | literal }}) || ')'
    AND (SELECT partdefid <> 0 FROM pg_partitioned_table WHERE partrelid = c.oid)
    AND NOT EXISTS (
      SELECT
{% include 'layout/list/values.sql' %}
        AND {% include 'layout/list/bound_of.sql' %} NOT IN (
          SELECT pg_get_expr(p.relpartbound, p.oid) FROM pg_inherits AS i JOIN pg_class AS p ON p.oid = i.inhrelid WHERE i.inhparent = c.oid))
