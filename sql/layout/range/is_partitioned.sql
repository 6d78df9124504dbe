{## Whether the table `c` has this layout already: intervals that are tables. ##}
{% include 'layout/range/has_intervals.sql' %}

    AND NOT EXISTS (SELECT FROM pg_inherits AS i JOIN pg_class AS p ON p.oid = i.inhrelid WHERE i.inhparent = c.oid AND p.relkind = 'p')