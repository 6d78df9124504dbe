{## Lets the partitions be watched; where there are none any more, what watched them goes. -##}
{% from 'layout/partitioned.sql' import partitioned with context %}
{% if partitioned %}
{% include 'health/create_views.sql' %}
{% else %}
{% include 'health/drop_views.sql' %}
{% endif %}
