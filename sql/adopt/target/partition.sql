-- A partition beyond the bound, stored as the table of now. What is unique without the column by which the table is
-- partitioned is so on each partition alone.
-- Lock: ACCESS EXCLUSIVE on the new table, which nobody uses.
{% from 'adopt/indexes.sql' import alone with context %}
{% with written = [target], read = [], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}
{% set leaf = facts.leaves | first | default({'storage_parameters': [], 'replica_identity': 'default'}) %}
{% for part in facts.partitions if part.number == item %}
CREATE TABLE {{ source.schema | ident }}.{{ part.name | ident }} PARTITION OF {{ target | ident }} {{ part.bound_sql }}
{%- for parameter in leaf.storage_parameters %}{% if loop.first %} WITH ({% else %}, {% endif %}{% if parameter.toast %}toast.{% endif %}{{ parameter.name | ident }} = {{ parameter.value | literal }}{% if loop.last %}){% endif %}{% endfor %};
{% for index in alone %}
{% set name = (part.name ~ '_' ~ index.stem) | short_name %}
{% if index.is_constraint %}
ALTER TABLE {{ source.schema | ident }}.{{ part.name | ident }} ADD CONSTRAINT {{ name | ident }} {{ index.constraint_sql }};
{% else %}
CREATE UNIQUE INDEX {{ name | ident }} ON {{ source.schema | ident }}.{{ part.name | ident }} {{ index.body_sql }};
{% endif %}
{% if index.replica_identity %}
ALTER TABLE {{ source.schema | ident }}.{{ part.name | ident }} REPLICA IDENTITY USING INDEX {{ name | ident }};
{% endif %}
{% endfor %}
{% if leaf.replica_identity in ['full', 'nothing'] %}
ALTER TABLE {{ source.schema | ident }}.{{ part.name | ident }} REPLICA IDENTITY {% if leaf.replica_identity == 'full' %}FULL{% else %}NOTHING{% endif %};
{% endif %}
{% endfor %}
