-- Whether every partition has the foreign keys that follow a delete.
SELECT NOT EXISTS (
{% with restricting = false %}
{% include 'chunks/lacking_keys.sql' %}
{% endwith %}
)
