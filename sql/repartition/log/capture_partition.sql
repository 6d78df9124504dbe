-- Logs what reaches a partition of the new table by any other way than the passes, so that the next pass brings it
-- back in step: a foreign key that deletes there what a trigger has kept in the table itself, or somebody who writes
-- to it by name. From the swap on the same triggers log for the way back.
-- Lock: SHARE ROW EXCLUSIVE on the partition, which nobody uses.
{% from 'repartition/target/partition_name.sql' import partition with context %}
{% with schema = partition.schema, name = partition.name, logger = back_log %}
{% include 'repartition/log/create_triggers.sql' %}
{% endwith %}
