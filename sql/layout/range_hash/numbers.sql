{## The numbers of the partitions: of each interval as many as it has parts. The intervals are the `branches`. None where there
    would be more than 5,000, which the check refuses. ##}
{% set intervals = facts.bounds if facts.bounds | length * sub_count <= 5000 else [] %}
{% set numbers = range(intervals | length * sub_count) | list %}
{% set found = namespace(branches=[]) %}
{% for interval in intervals %}
{% set found.branches = found.branches + [{'name': interval.identity | name, 'bound_sql': interval.bound_sql}] %}
{% endfor %}
{% set branches = found.branches %}
