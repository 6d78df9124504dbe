-- Ends the log of what reaches the new table by other ways than the passes.
-- Lock: ACCESS EXCLUSIVE on the new table and its partitions, which nobody uses.
{% with keys = back_log, reach = 'all' %}
{% include 'repartition/log/drop_triggers.sql' %}
{% endwith %}
DROP FUNCTION IF EXISTS {{ back_log | ident }}();
