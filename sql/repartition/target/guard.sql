-- Logs what reaches the new table by any other way than the passes, so that the next pass brings it back in step:
-- a foreign key that deletes there what a trigger has kept in the table itself, or somebody who writes to it by
-- name. From the swap on the same triggers log for the way back.
-- Lock: SHARE ROW EXCLUSIVE on the new table and its partitions, which nobody uses.
{% with keys = log, logger = back_log, plain = source, aside = true, later = false %}
{% include 'repartition/log/create.sql' %}
{% endwith %}

{% with keys = back_log, relation = target, reach = 'all' %}
{% include 'repartition/log/create_triggers.sql' %}
{% endwith %}

{% with logger = back_log, relation = target %}
{% include 'repartition/log/write_fingerprint.sql' %}
{% endwith %}
