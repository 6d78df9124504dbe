{## The name of the partition of `item`: {% from 'repartition/target/partition_name.sql' import partition with context %} ##}
{% set digits = [2, (partition_count - 1) | string | length] | max %}
{% set partition = source | suffix('_part_%0*d' | format(digits, item)) %}
