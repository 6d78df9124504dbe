-- Ends the log of what is written to the table: the triggers first, then what they need. Nothing of it
-- need be there.
-- Lock: ACCESS EXCLUSIVE on the table that has the triggers; short, and given up after lock_timeout.
{% with keys = log, reach = 'all' %}
{% include 'repartition/log/drop_triggers.sql' %}
{% endwith %}
DROP FUNCTION IF EXISTS {{ log | ident }}();
DROP TABLE IF EXISTS {{ log | ident }};
