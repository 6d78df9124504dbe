-- From here on the keys of all that is written to the table are logged. Committed before the first row is copied, so
-- that every later write is in the log.
{% for table in facts.tree %}
{% with schema = table.schema, name = table.name, logger = log %}
{% include 'repartition/log/create_triggers.sql' %}
{% endwith %}
{% endfor %}

CALL pg_temp.executor_note_log_state({{ source | literal }}, {{ (log ~ '()') | literal }});
