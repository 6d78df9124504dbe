-- The partitions that the layout finds from the data; none where the plan's variables alone say which there are.
{% include 'layout/' ~ layout ~ '/bounds_fact.sql' %}
