-- Writes down what a drill found; null: nothing.
{% with schema = registry.schema, writing = true %}
{% include 'backups/guard.sql' %}
{% endwith %}

UPDATE {{ registry | ident }} SET drilled_at = clock_timestamp(), drill_finding = {{ finding | literal }} WHERE id = {{ id }};
