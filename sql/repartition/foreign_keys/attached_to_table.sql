-- Whether the table has adopted the foreign keys of its partitions that forbid a delete.
SELECT NOT EXISTS (
{% with whole = source %}
{% include 'repartition/foreign_keys/unattached.sql' %}
{% endwith %}
)
