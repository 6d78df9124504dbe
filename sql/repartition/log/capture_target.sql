-- Logs the same of the new table itself. By now all of it is watched, which is written down for the swap.
-- Lock: SHARE ROW EXCLUSIVE on the new table, which nobody uses.
{% from 'layout/branches.sql' import branches with context %}
{% for whole in [target] + branches | map(attribute='name') | list %}
{% with schema = whole.schema, name = whole.name, logger = back_log %}
{% include 'repartition/log/create_triggers.sql' %}
{% endwith %}
{% endfor %}

CALL pg_temp.executor_note_log_state({{ target | literal }}, {{ (back_log ~ '()') | literal }});
