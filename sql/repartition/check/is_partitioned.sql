-- Whether the table already has the layout, and the columns, that the plan makes.
SELECT coalesce((
  SELECT ({% include 'layout/' ~ layout ~ '/is_partitioned.sql' %})
{% if columns or column_order %}

    AND {% include 'repartition/check/columns_are_so.sql' %}
{% endif %}

  FROM pg_class AS c
  WHERE c.oid = to_regclass({{ source | literal }}) AND c.relkind IN ('r', 'p')
), false)
