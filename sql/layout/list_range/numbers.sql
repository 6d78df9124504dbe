{## The numbers of the partitions: of each value all intervals. The values, and the others, are the `branches`. None where there would
    be more than 5,000, which the check refuses. ##}
{% set parts = facts.bounds if facts.bounds | length <= 5000 else [] %}
{% set numbers = parts | map(attribute='number') | list %}
{% set found = namespace(branches=[]) %}
{% for part in parts if part.place == 0 %}
{% with item = part.number %}
{% import 'layout/' ~ layout ~ '/partition_name.sql' as named with context %}
{% set found.branches = found.branches + [named.branch] %}
{% endwith %}
{% endfor %}
{% set branches = found.branches %}
