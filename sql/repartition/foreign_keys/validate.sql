-- Checks every row of one partition against the referenced tables, while these are written to.
-- Lock: SHARE UPDATE EXCLUSIVE on the partition and ROW SHARE on the referenced tables, while rows are read.
{% from 'repartition/target/partition_name.sql' import partition with context %}
{% with written = [], read = [partition], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}
{% with looked_up = facts.foreign_keys | selectattr('on_delete', 'equalto', on_delete) | map(attribute='referenced_sql') | unique | list %}
{% include 'security/no_foreign_plans.sql' %}
{% endwith %}
{% for key in facts.foreign_keys if key.on_delete == on_delete %}
{% if loop.first %}ALTER TABLE {{ partition | ident }} {% else %}, {% endif %}VALIDATE CONSTRAINT {{ key.name | ident }}{% if loop.last %};{% endif %}
{%- endfor %}
