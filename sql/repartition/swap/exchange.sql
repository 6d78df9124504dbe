{## What the swap and the way back do in the same order (but for foreign keys into the table), under the lock: the last keys of the log `keys`, then the
    names and all that hangs on them. `said` are the facts of the table in use. -##}
{% include 'repartition/swap/drain.sql' %}
{% include 'repartition/incoming_keys/drop.sql' %}
{% if back %}
{% include 'repartition/incoming_keys/end_enforcing.sql' %}
{% endif %}
{% include 'repartition/swap/names.sql' %}
{% if not back %}
{% include 'repartition/incoming_keys/carry.sql' %}
{% endif %}
{% include 'repartition/swap/clock.sql' %}
{% include 'repartition/swap/sequences.sql' %}
{% include 'repartition/swap/hanging.sql' %}
{% include 'repartition/swap/readers.sql' %}
{% include 'repartition/swap/clock.sql' %}
{% include 'repartition/swap/publications.sql' %}
{% if not back %}
{% include 'repartition/incoming_keys/enforce.sql' %}
{% else %}
{% with late = false %}
{% include 'repartition/incoming_keys/restore.sql' %}
{% endwith %}
{% endif %}
{% include 'repartition/swap/proof.sql' %}
