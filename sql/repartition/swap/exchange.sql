{## What the swap and the way back do in the same order, under the lock: the last keys of the log `keys`, then the
    names and all that hangs on them. `said` are the facts of the table in use. -##}
{% include 'repartition/swap/drain.sql' %}
{% include 'repartition/swap/names.sql' %}
{% include 'repartition/swap/sequences.sql' %}
{% include 'repartition/swap/hanging.sql' %}
{% include 'repartition/swap/readers.sql' %}
{% include 'repartition/swap/publications.sql' %}
{% include 'repartition/swap/proof.sql' %}
