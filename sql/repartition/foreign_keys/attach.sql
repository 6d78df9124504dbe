-- A foreign key of {% if whole == source %}the table{% else %}the new table{% endif %} as a whole. It adopts the equal, validated keys of its partitions,
-- so no row is read again. One a transaction, so that never two referenced tables are locked.
{% if whole == source %}
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
ALTER TABLE {{ whole | ident }} ADD CONSTRAINT {{ item.name | ident }} {{ item.definition_sql }};
{% if item.comment is not none %}
COMMENT ON CONSTRAINT {{ item.name | ident }} ON {{ whole | ident }} IS {{ item.comment | literal }};
{% endif %}
