{## The numbers of the partitions that the table in use has no more, by their bounds and not by their names: an expression
    of integer[]. -##}
ARRAY(
  SELECT number FROM generate_series(0, {{ partition_count - 1 }}) AS number
  WHERE NOT EXISTS (
    SELECT FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
    WHERE i.inhparent = to_regclass({{ source | literal }})
      AND pg_get_expr(c.relpartbound, c.oid) = {% if routing == 'hash' %}format('FOR VALUES WITH (modulus {{ partition_count }}, remainder %s)', number){% else %}format('FOR VALUES IN (%s)', number){% endif %})
  ORDER BY number)
