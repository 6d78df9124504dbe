-- Foreign keys into the table that came back with it are validated, while the tables are in use.
{% with said = now, late = true %}
{% include 'repartition/incoming_keys/restore.sql' %}
{% include 'repartition/incoming_keys/validate_all.sql' %}
{% endwith %}
SELECT {{ ('the bound of ' ~ source ~ ' goes next') | literal }};
