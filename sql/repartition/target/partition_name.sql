{## The name of the partition of `item`, and how the table that holds the rows is stored now (of several the oldest):
    {% from 'repartition/target/partition_name.sql' import partition, leaf with context %}
    Beside an item: `begins`, with which the names of all partitions begin, and `digits`, how many follow. ##}
{% set digits = [2, (partition_count - 1) | string | length] | max %}
{% set begins = (source | suffix('_part_' ~ '0' * digits)).name[:-digits] %}
{% if item is defined %}
{% set partition = source | suffix('_part_%0*d' | format(digits, item)) %}
{% endif %}
{% set leaf = facts.leaves | first | default({'storage_parameters': [], 'replica_identity': 'default'}) %}
