-- Lets nobody else extend, drop or rely on the entries of one table meanwhile. Given up after lock_timeout.
SET LOCAL lock_timeout = '200ms';

{% with schema = registry.schema, writing = true %}
{% include 'backups/guard.sql' %}
{% endwith %}

SELECT id FROM {{ registry | ident }}
WHERE original_table_name = (SELECT e.original_table_name FROM {{ registry | ident }} AS e WHERE e.id = {{ id }})
ORDER BY id
FOR UPDATE
