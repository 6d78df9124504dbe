{## The slices in which the log is applied for the first time, one a line: the numbers of the partitions, or one
    slice for a table that has none. ##}
{% from 'layout/' ~ layout ~ '/numbers.sql' import numbers with context %}
{% set slices = numbers or [0] %}
{% for slice in slices %}
{{ slice }}
{% endfor %}
