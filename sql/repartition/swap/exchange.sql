{## What the swap and the way back do in the same order: everything up to the lock, under it the last keys of the
    log `keys`, and then the names and all that hangs on them. -##}
{% include 'repartition/swap/ready.sql' %}
{% include 'repartition/swap/lock.sql' %}
{% include 'repartition/swap/drain.sql' %}
{% include 'repartition/swap/names.sql' %}
{% include 'repartition/swap/sequences.sql' %}
{% include 'tables/apply_properties.sql' %}
{% include 'repartition/swap/publications.sql' %}
{% include 'repartition/swap/proof.sql' %}
