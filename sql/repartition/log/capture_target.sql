-- Logs the same of the new table itself. By now all of it is watched, which is written down for the swap.
-- Lock: SHARE ROW EXCLUSIVE on the new table, which nobody uses.
{% with schema = target.schema, name = target.name, logger = back_log %}
{% include 'repartition/log/create_triggers.sql' %}
{% endwith %}

CALL pg_temp.executor_note_log_state({{ target | literal }}, {{ back_log | literal }});
