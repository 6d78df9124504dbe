-- Ends the log of what reaches the new table by other ways than the passes.
-- Lock: ACCESS EXCLUSIVE on the new table, which nobody uses.
{% from 'layout/branches.sql' import branches with context %}
{% for whole in [target] + branches | map(attribute='name') | list %}
{% with schema = whole.schema, name = whole.name %}
{% include 'repartition/log/drop_triggers.sql' %}
{% endwith %}
{% endfor %}
