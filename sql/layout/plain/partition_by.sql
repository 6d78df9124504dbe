{## How the table that holds the rows is stored: as a partition would be. ##}
{% from 'repartition/target/partition_name.sql' import leaf with context %}
{% include 'repartition/target/storage.sql' %}