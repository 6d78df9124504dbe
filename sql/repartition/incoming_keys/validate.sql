-- Validates a foreign key that has come along, while both tables are written to.
-- Lock: SHARE UPDATE EXCLUSIVE on the table that refers, and ROW SHARE on this one, while rows are read.
{% with key = item, back = false %}
{% include 'repartition/incoming_keys/validate_key.sql' %}
{% endwith %}
