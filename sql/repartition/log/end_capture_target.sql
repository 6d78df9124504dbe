-- Ends the log of what reaches the new table by other ways than the passes.
-- Lock: ACCESS EXCLUSIVE on the new table, which nobody uses.
{% with schema = target.schema, name = target.name %}
{% include 'repartition/log/drop_triggers.sql' %}
{% endwith %}
