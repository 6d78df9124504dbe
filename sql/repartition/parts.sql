{## What is between the name of the table and the number of a partition, so that partitions of earlier runs keep theirs:
    {% from 'repartition/parts.sql' import parts with context %} It is asked for each partition, and so imports nothing. ##}
{% set number = facts.earlier | map(attribute='number') | first | default(1) %}
{% set parts = '_part_' if number == 1 else '_p' ~ number ~ '_' %}
