-- Creates the log of the keys of all that is written to the table, the functions that write it, and the one that
-- will bring the new table in step by it. Then waits for the writers in flight.
-- Lock: SHARE ROW EXCLUSIVE on the table and its partitions: others who want to write wait meanwhile, for
-- lock_timeout at most; then it is held for some milliseconds.
{% with keys = log %}
{% include 'repartition/log/create_keys.sql' %}
{% endwith %}
{% from 'repartition/way_back/marks.sql' import of_log with context %}
COMMENT ON TABLE {{ log | ident }} IS {{ of_log | literal }};

{% with keys = log, logger = log, aside = false %}
{% include 'repartition/log/create.sql' %}
{% endwith %}

-- For the triggers of the new table: it is not in use yet.
{% with keys = log, logger = back_log, aside = true %}
{% include 'repartition/log/create.sql' %}
{% endwith %}

{% with keys = log, here = source, there = target, back = false, columns = facts.columns %}
{% include 'repartition/log/create_sync.sql' %}
{% endwith %}

{% with first = source, second = none %}
{% include 'tables/keep_vacuum_away.sql' %}
{% endwith %}

-- One waiting time for all locks together; lock_timeout alone would count anew for each.
SET LOCAL statement_timeout = {{ settings.lock_timeout | literal }};
LOCK TABLE {{ source | ident }} IN SHARE ROW EXCLUSIVE MODE;
SET LOCAL statement_timeout = 0;
