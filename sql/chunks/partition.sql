{## The name of the partition of `item`: {% from 'chunks/partition.sql' import partition with context %} ##}
{% set digits = [2, (partition_count - 1) | string | length] | max %}
{% set partition = source | suffix('_part_%0*d' | format(digits, item)) %}
