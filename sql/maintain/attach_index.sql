-- Attaches an index to that of the table, which is valid with the last one.
-- Lock: SHARE UPDATE EXCLUSIVE on the partition and the table, so that neither gets other code, and on the index of the table{% if item.is_constraint %}; ACCESS EXCLUSIVE on the partition, for max_lock at most{% endif %}.
LOCK TABLE ONLY {{ source | ident }}, {{ item.schema | ident }}.{{ item.partition | ident }} IN SHARE UPDATE EXCLUSIVE MODE;
{% with written = [], read = [source], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}
{% if item.is_constraint and not item.is_there_as_constraint %}
{% with taken = item.relation | name %}
{% include 'maintain/take.sql' %}
{% endwith %}
ALTER TABLE {{ item.schema | ident }}.{{ item.partition | ident }} ADD CONSTRAINT {{ item.name | ident }} {% if item.primary %}PRIMARY KEY{% else %}UNIQUE{% endif %} USING INDEX {{ item.name | ident }};
{% include 'repartition/swap/clock.sql' %}
{% endif %}
ALTER INDEX {{ item.parent_sql }} ATTACH PARTITION {{ item.schema | ident }}.{{ item.name | ident }};
