-- How evenly the rows are spread over the partitions, where the layout spreads them.
{% import 'layout/' ~ layout ~ '/shape.sql' as shape with context %}
{% if shape.even | default(false) %}
{% with table = target, partitions = none, max_ratio = 3, minimum = none, maximum = none %}
{% include 'assertions/distribution.sql' %}
{% endwith %}
{% else %}
SELECT 'rows by partition' AS subject, 'as the data are' AS expected, 'as the data are' AS actual, true AS passed
{% endif %}
