-- Ends the log of what reaches a partition by other ways than the passes.
-- Lock: ACCESS EXCLUSIVE on the partition, which nobody uses.
{% from 'repartition/target/partition_name.sql' import partition with context %}
{% with schema = partition.schema, name = partition.name %}
{% include 'repartition/log/drop_triggers.sql' %}
{% endwith %}
