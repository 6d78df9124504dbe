-- Prepares the log of what is written after the swap, into which the triggers of the new table will log then,
-- and the function that will read it.
{% with keys = back_log %}
{% include 'repartition/log/create_keys.sql' %}
{% endwith %}

{% with keys = back_log, sync = back_sync, here = source, there = old, back = true, columns = facts.columns %}
{% include 'repartition/log/create_sync.sql' %}
{% endwith %}

-- Keeps writers out of the old table after the swap.
{% with refusing = old %}
{% include 'repartition/way_back/refuse_writes.sql' %}
{% endwith %}
{% with function = old %}
{% include 'security/own_function.sql' %}
{% endwith %}

{% from 'repartition/way_back/marks.sql' import of_back_log with context %}
COMMENT ON TABLE {{ back_log | ident }} IS {{ of_back_log | literal }};
