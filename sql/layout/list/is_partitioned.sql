{## Whether the table `c` has this layout already: values with a partition that is a table. ##}
{% include 'layout/list/has_values.sql' %}

    AND NOT EXISTS (SELECT FROM pg_inherits AS i JOIN pg_class AS p ON p.oid = i.inhrelid WHERE i.inhparent = c.oid AND p.relkind = 'p')