{## What `executor rollback --accept` gives up: the log for the way back, and the numbers of partitions:
    {% from 'repartition/way_back/given_up.sql' import log_too, numbers with context %} ##}
{% set log_too = back_log | string in given_up or back_log.name in given_up %}
{% set lost = namespace(numbers=[]) %}
{% from 'layout/' ~ layout ~ '/numbers.sql' import numbers as all with context %}
{% for item in all if given_up %}
{% from 'repartition/target/partition_name.sql' import partition, branch with context %}
{% if partition | string in given_up or partition.name in given_up or branch and (branch.name | string in given_up or branch.name.name in given_up) %}
{% set lost.numbers = lost.numbers + [item] %}
{% endif %}
{% endfor %}
{% set numbers = lost.numbers %}
