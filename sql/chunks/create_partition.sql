-- One partition, under its final name. PostgreSQL does not conclude partition_key = {{ item }} from an
-- expression, so a CHECK says it, and the planner prunes by it.
{% from 'chunks/partition.sql' import partition with context %}
CREATE TABLE {{ partition | ident }} PARTITION OF {{ target | ident }}
{% if routing == 'expression' %}
  (CONSTRAINT partition_key_check CHECK (partition_key = {{ item }}))
{% endif %}
{% if routing == 'hash' %}
  FOR VALUES WITH (MODULUS {{ partition_count }}, REMAINDER {{ item }});
{% else %}
  FOR VALUES IN ({{ item }});
{% endif %}
