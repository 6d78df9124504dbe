-- Writes down what a verification found; null: nothing. A table that was dumped and restored, and is the
-- same, is known by its new oid from here on.
{% with schema = registry.schema, writing = true %}
{% include 'backups/guard.sql' %}
{% endwith %}

UPDATE {{ registry | ident }}
SET verified_at = clock_timestamp(), finding = {{ finding | literal }}{% if oid %}, table_oid = {{ oid }}{% endif %}

WHERE id = {{ id }};
