{## Where the partition of `item` is: its bound, and of two levels that of its branch, as place_of.sql reads it from the catalog. ##}
{% import 'layout/' ~ layout ~ '/partition_name.sql' as named with context %}
{% include 'layout/' ~ layout ~ '/bound.sql' %}{% if named.branch is defined %} of {{ named.branch.bound_sql }}{% endif %}