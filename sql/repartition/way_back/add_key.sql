{## Adds the foreign key `key` to the old table, not validated yet. A partitioned table can't have such a key before
    PostgreSQL 18; its partitions can, and are joined after the swap back. -##}
{% if facts.table[0].partitioned and key.partition_sql is none %}
{% for leaf in facts.leaves %}
ALTER TABLE {{ leaf.schema | ident }}.{{ leaf.name | ident }} ADD CONSTRAINT {{ key.name | ident }} {{ key.definition_sql }}{% if key.enforced %} NOT VALID{% endif %};
{% endfor %}
{% else %}
ALTER TABLE {% if key.partition_sql is none %}{{ old | ident }}{% else %}{{ key.partition_sql }}{% endif %} ADD CONSTRAINT {{ key.name | ident }} {{ key.definition_sql }}{% if key.enforced %} NOT VALID{% endif %};
{% endif %}
