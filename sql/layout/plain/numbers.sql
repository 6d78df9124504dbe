{## There are no partitions: what is done for each of them is done for none. ##}
{% set numbers = [] %}
