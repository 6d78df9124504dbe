{## What the sessions of the plan have. -##}
{% include 'security/session.sql' %}

{% include 'repartition/swap/clock_procedure.sql' %}
