-- Whether the new table has adopted the foreign keys of its partitions.
SELECT NOT EXISTS (
{% with whole = target %}
{% include 'repartition/foreign_keys/unattached.sql' %}
{% endwith %}
)
