{## The name of the partition of `item`, its `branch` of two levels, with name and bound, what it is part of (`above`), and how the table that holds the rows is stored
    now (of several the oldest): {% from 'repartition/target/partition_name.sql' import partition, above, leaf with context %} ##}
{% import 'layout/' ~ layout ~ '/partition_name.sql' as named with context %}
{% set partition = named.of_item %}
{% set branch = named.branch | default(none) %}
{% set above = branch.name if branch else target %}
{% set leaf = facts.leaves | first | default({'storage_parameters': [], 'replica_identity': 'default'}) %}
