-- One partition, under its final name. PostgreSQL does not conclude the partition's key from an
-- expression, so a CHECK says it, and the planner prunes by it. Autovacuum would read it again and again while it
-- is filled, and a lock would wait for that; the step `vacuum` does its work and calls it back. What a partition
-- does not take from its parent is as in the tables that hold the rows now; but its replica identity is FULL until
-- there is a key: a publication of all tables would stop deletes.
{% from 'repartition/target/partition_name.sql' import partition, leaf with context %}
{% with written = [target], read = [], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}
CREATE TABLE {{ partition | ident }} PARTITION OF {{ target | ident }}{% if routing == 'expression' %} (CONSTRAINT partition_key_check CHECK (partition_key = {{ item }})){% endif %}

  FOR VALUES {% if routing == 'hash' %}WITH (MODULUS {{ partition_count }}, REMAINDER {{ item }}){% else %}IN ({{ item }}){% endif %} WITH (autovacuum_enabled = off, toast.autovacuum_enabled = off
    {%- for parameter in leaf.storage_parameters if parameter.name != 'autovacuum_enabled' %}, {% if parameter.toast %}toast.{% endif %}{{ parameter.name | ident }} = {{ parameter.value | literal }}{% endfor %});
ALTER TABLE {{ partition | ident }} REPLICA IDENTITY {% if leaf.replica_identity == 'nothing' %}NOTHING{% else %}FULL{% endif %};
{% with relation = partition %}
{% include 'security/private.sql' %}
{% endwith %}
