-- Makes one partition and attaches it; it is empty, so nothing of it is read. Without a default partition nobody notices.
-- Beside one the table is locked first: who would write to the default partition meanwhile would find that the row is
-- not its any more. That reads the default partition, which is empty but for rows that have no interval.
-- Lock: SHARE UPDATE EXCLUSIVE on the table; beside a default partition ACCESS EXCLUSIVE on both, for max_lock at most.
{% include 'maintain/steady.sql' %}

{% set made = item.relation | name %}
{% with check_sql = none %}
{% include 'maintain/create.sql' %}
{% endwith %}
{% include 'maintain/log.sql' %}
{% if facts.table[0].has_default %}
{% with taken = source %}
{% include 'maintain/take.sql' %}
{% endwith %}
{% else %}
SET LOCAL statement_timeout = {{ max_lock | literal }};
{% endif %}
ALTER TABLE {{ source | ident }} ATTACH PARTITION {{ made | ident }} {{ item.bound_sql }};
