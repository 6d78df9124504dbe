-- The indexes of partitions that are partitioned themselves, still without those of their parts; attached at once.
-- Lock: SHARE on the partition, SHARE UPDATE EXCLUSIVE on the index that it is attached to: for a moment.
{% with written = [], read = [source], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}
{% for item in facts.lacking if item.is_parted %}
{% if not item.is_there %}
{% if item.is_constraint %}
ALTER TABLE ONLY {{ item.schema | ident }}.{{ item.partition | ident }} ADD CONSTRAINT {{ item.name | ident }} {{ item.constraint_sql }};
{% else %}
CREATE {% if item.unique %}UNIQUE {% endif %}INDEX {{ item.name | ident }} ON ONLY {{ item.schema | ident }}.{{ item.partition | ident }} {{ item.body_sql }};
{% endif %}
{% endif %}
ALTER INDEX {{ item.parent_sql }} ATTACH PARTITION {{ item.schema | ident }}.{{ item.name | ident }};
{% endfor %}
