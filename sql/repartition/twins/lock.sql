-- Lock: if there is a materialized view that reads the table, ACCESS EXCLUSIVE on the table, the new one and their
-- partitions, and on such views that others read, for some milliseconds. Before it SHARE UPDATE EXCLUSIVE on the tables.
{% with written = [], read = [source, target], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}
{% if facts.materialized_views %}

{% with first = source, second = target %}
{% include 'tables/keep_vacuum_away.sql' %}
{% endwith %}

-- One waiting time for all locks together; lock_timeout alone would count anew for each.
SET LOCAL statement_timeout = {{ settings.lock_timeout | literal }};
LOCK TABLE {{ source | ident }}, {{ target | ident }} IN ACCESS EXCLUSIVE MODE;
{% endif %}
