-- Ends the log of what was written to the old table before the swap: the triggers first, then what they need.
-- Lock: ACCESS EXCLUSIVE on the old table; short, and given up after lock_timeout.
{% include 'repartition/way_back/refuse_renamed.sql' %}

{% with relation = old %}
{% include 'repartition/log/drop.sql' %}
{% endwith %}
