-- One partition, under its final name. PostgreSQL does not conclude the partition's key from an
-- expression, so a CHECK says it, and the planner prunes by it. Autovacuum would read it again and again while it
-- is filled, and a lock would wait for that; the step `vacuum` does its work and calls it back.
{% from 'repartition/target/partition_name.sql' import partition with context %}
{% with written = [target], read = [], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}

CREATE TABLE {{ partition | ident }} PARTITION OF {{ target | ident }}
{% if routing == 'expression' %}
  (CONSTRAINT partition_key_check CHECK (partition_key = {{ item }}))
{% endif %}
{% if routing == 'hash' %}
  FOR VALUES WITH (MODULUS {{ partition_count }}, REMAINDER {{ item }})
{% else %}
  FOR VALUES IN ({{ item }})
{% endif %}
  WITH (autovacuum_enabled = off, toast.autovacuum_enabled = off);

{% with relation = partition %}
{% include 'security/private.sql' %}
{% endwith %}
