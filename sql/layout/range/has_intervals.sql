{## Whether the table `c` is divided into these intervals, whatever they are in turn: an expression. Each of its partitions holds an interval, but a default one if the plan makes one. ##}
pg_get_partkeydef(c.oid) = 'RANGE (' || quote_ident({{ key_column | literal }}) || ')'
    AND (SELECT partdefid <> 0 FROM pg_partitioned_table WHERE partrelid = c.oid) = {{ default_partition | literal }}
    AND (
      SELECT coalesce(bool_and(coalesce(bounds.bound, '') = replace(part.bound, '''', '')), false)
      FROM pg_attribute AS a
      CROSS JOIN LATERAL (SELECT format_type(a.atttypid, NULL)) AS key (type)
      CROSS JOIN LATERAL (
        SELECT pg_get_expr(p.relpartbound, p.oid), regexp_match(pg_get_expr(p.relpartbound, p.oid), 'FROM \(''?([^'')]*)''?\) TO \(''?([^'')]*)')
        FROM pg_inherits AS i JOIN pg_class AS p ON p.oid = i.inhrelid
        WHERE i.inhparent = c.oid AND pg_get_expr(p.relpartbound, p.oid) !~ '^DEFAULT$|M(IN|AX)VALUE'
      ) AS part (bound, ends)
      LEFT JOIN LATERAL (
        SELECT {% include 'layout/range/cell.sql' %} FROM (SELECT part.ends[1], key.type) AS key (value, type)
        WHERE key.type = ANY ({% include 'layout/range/types.sql' %})
      ) AS cell (number) ON true
      LEFT JOIN LATERAL (
        SELECT replace(found.bound, '''', '') FROM (
{% include 'layout/range/bounds.sql' %}
        ) AS found WHERE cell.number IS NOT NULL
      ) AS bounds (bound) ON true
      WHERE a.attrelid = c.oid AND a.attname = {{ key_column | literal }})
