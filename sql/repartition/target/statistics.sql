{## The extended statistics of the source for the new table, under names that the swap knows. -##}
{% with said = facts.extended_statistics, of_schema = target.schema, of_name = target.name, ending = '_new_' ~ timestamp %}
{% include 'tables/create_statistics.sql' %}
{% endwith %}
