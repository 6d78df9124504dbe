{## The numbers of the partitions, which were found from the data. ##}
{% set numbers = facts.bounds | map(attribute='number') | list %}
