{## The numbers of the partitions, one a line. ##}
{% from 'layout/' ~ layout ~ '/numbers.sql' import numbers with context %}
{% for number in numbers %}
{{ number }}
{% endfor %}
