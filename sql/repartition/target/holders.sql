{## The tables of the new one that hold its rows, as `holders`: its partitions, or the new table itself where it has none:
    {% from 'repartition/target/holders.sql' import holders with context %} ##}
{% from 'layout/partitioned.sql' import partitioned with context %}
{% from 'layout/' ~ layout ~ '/numbers.sql' import numbers with context %}
{% set found = namespace(tables=[] if partitioned else [target]) %}
{% for item in numbers %}
{% from 'repartition/target/partition_name.sql' import partition with context %}
{% set found.tables = found.tables + [partition] %}
{% endfor %}
{% set holders = found.tables %}
