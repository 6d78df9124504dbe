-- Whether every partition has the foreign keys that follow a delete.
SELECT NOT EXISTS (
{% with restricting = false %}
{% include 'repartition/foreign_keys/lacking.sql' %}
{% endwith %}
)
