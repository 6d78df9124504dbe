{## Whether range_start and range_end are what goes with the interval: findings. ##}
{% from 'layout/range/interval.sql' import unit with context %}
{% for name, given in [('range_start', range_start), ('range_end', range_end)] if given %}
UNION ALL
SELECT {{ name | literal }}, {% if unit %}'a day, as 2025-01-31'{% else %}'a number'{% endif %}, {{ given | literal }}, {{ (('-' in given[1:]) == (unit != '')) | literal }}
{% endfor %}
{% if range_start and range_end and ('-' in range_start[1:]) == ('-' in range_end[1:]) %}
UNION ALL
SELECT 'range_end', {{ ('not before range_start, ' ~ range_start) | literal }}, {{ range_end | literal }},
  {% if unit %}{{ range_end | literal }} >= {{ range_start | literal }}{% else %}{{ ((range_end | int) >= (range_start | int)) | literal }}{% endif %}

{% endif %}
