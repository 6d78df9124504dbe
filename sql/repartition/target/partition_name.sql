{## The name of the partition of `item`, and how the table that holds the rows is stored now (of several the oldest):
    {% from 'repartition/target/partition_name.sql' import partition, leaf with context %} ##}
{% set digits = [2, (partition_count - 1) | string | length] | max %}
{% set partition = source | suffix('_part_%0*d' | format(digits, item)) %}
{% set leaf = facts.leaves | first | default({'storage_parameters': [], 'replica_identity': 'default'}) %}
