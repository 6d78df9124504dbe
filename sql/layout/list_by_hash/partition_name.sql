{## The name of the partition `item`: `of_item`. ##}
{% from 'repartition/parts.sql' import parts with context %}
{% set digits = [2, (partition_count - 1) | string | length] | max %}
{% set begins = (source | suffix(parts ~ '0' * digits)).name[:-digits] %}
{% set of_item = source | suffix((parts ~ '%0*d') | format(digits, item | default(0))) %}
