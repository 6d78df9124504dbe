{## Whether the table `c` has this layout already: values, each with intervals. ##}
{% include 'layout/list/has_values.sql' %}

    AND NOT EXISTS (
      SELECT FROM pg_inherits AS part JOIN pg_class AS c ON c.oid = part.inhrelid
      WHERE part.inhparent = to_regclass({{ source | literal }}) AND ({% with key_column = sub_key_column %}{% include 'layout/range/has_intervals.sql' %}{% endwith %}) IS NOT TRUE)