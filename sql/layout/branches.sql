{## The tables between the new table and its partitions, where a layout has two levels: {% from 'layout/branches.sql' import branches with context %}
    Each has a `name` and its bound, `bound_sql`; numbers.sql of the layout says which there are, and sub_partition_by.sql
    how each is divided. ##}
{% import 'layout/' ~ layout ~ '/numbers.sql' as parts with context %}
{% set branches = parts.branches | default([]) %}
