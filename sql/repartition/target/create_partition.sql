-- One partition, under its final name. Autovacuum would read it again and again while it
-- is filled, and a lock would wait for that; the step `vacuum` does its work and calls it back. What a partition
-- does not take from its parent is as in the tables that hold the rows now; but its replica identity is FULL until
-- there is a key: a publication of all tables would stop deletes.
{% from 'repartition/target/partition_name.sql' import partition, above, leaf with context %}
{% with written = [target], read = [], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}
CREATE TABLE {{ partition | ident }} PARTITION OF {{ above | ident }}{% include 'layout/' ~ layout ~ '/constraint.sql' %}

  {% include 'layout/' ~ layout ~ '/bound.sql' %} {% include 'repartition/target/storage.sql' %};
ALTER TABLE {{ partition | ident }} REPLICA IDENTITY {% if leaf.replica_identity == 'nothing' %}NOTHING{% else %}FULL{% endif %};
{% with relation = partition %}
{% include 'security/private.sql' %}
{% endwith %}
