-- Whether {% if whole == source %}the table{% else %}the new table{% endif %} has adopted the foreign keys of its partitions{% if whole == source %} that forbid a delete{% endif %}.
SELECT NOT EXISTS (
{% include 'repartition/foreign_keys/unattached.sql' %}
)
