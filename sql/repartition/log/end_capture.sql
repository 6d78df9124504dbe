-- Ends the log of what was written to the old table before the swap: the triggers first, then what they need.
-- Lock: ACCESS EXCLUSIVE on the old table and its partitions; short, and given up after lock_timeout.
CALL pg_temp.executor_refuse_renamed();

{% with relation = old %}
{% include 'repartition/log/drop.sql' %}
{% endwith %}
