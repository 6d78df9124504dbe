{## The values of `added_columns`: those of the layout, then those of the plan. -##}
{% include 'layout/' ~ layout ~ '/added_values.sql' %}
{%- for column in facts.new_columns if column.is_added %}, {{ column.value_sql }}{% endfor -%}
