-- A foreign key of {% if whole == source %}the table{% else %}the new table{% endif %} as a whole. It adopts the equal, validated keys of its partitions,
-- so no row is read again. One a transaction, so that never two referenced tables are locked.
{% from 'layout/partitioned.sql' import partitioned with context %}
{% if not partitioned %}
-- Lock: SHARE UPDATE EXCLUSIVE on it and ROW SHARE on the referenced table, while rows are read.
{% elif whole == source %}
-- Lock: SHARE ROW EXCLUSIVE on the table, then ACCESS EXCLUSIVE on the referenced table, whose triggers for the
-- partitions are joined: about 1 ms for each partition. Each is waited for no longer than lock_timeout.
{% else %}
-- Lock: ACCESS EXCLUSIVE on the referenced table, whose triggers for the partitions are joined; short, and
-- given up after lock_timeout.
{% endif %}
{% with written = [], read = [whole], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}

{% if whole == source %}
{% with first = source, second = none %}
{% include 'tables/keep_vacuum_away.sql' %}
{% endwith %}
{% endif %}
{% if partitioned or not item.enforced %}
ALTER TABLE {{ whole | ident }} ADD CONSTRAINT {{ item.name | ident }} {{ item.definition_sql }};
{% else %}
-- It has no partitions, and the key already.
{% with looked_up = [item.referenced_sql] %}
{% include 'security/no_foreign_plans.sql' %}
{% endwith %}
ALTER TABLE {{ whole | ident }} VALIDATE CONSTRAINT {{ item.name | ident }};
{% endif %}
{% if item.comment is not none %}
COMMENT ON CONSTRAINT {{ item.name | ident }} ON {{ whole | ident }} IS {{ item.comment | literal }};
{% endif %}
