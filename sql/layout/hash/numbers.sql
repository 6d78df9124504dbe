{## The numbers of the partitions. ##}
{% set numbers = range(partition_count) | list %}
