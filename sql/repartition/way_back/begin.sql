{## What a rollback does before it undoes anything: it looks for what the run has made, or what the table needs to come
    back, and somebody has dropped or renamed meanwhile. -##}
{% if 'swap' in done %}
{% include 'repartition/way_back/begin_after_swap.sql' %}
{% else %}
{% include 'repartition/way_back/begin_before_swap.sql' %}
{% endif %}
