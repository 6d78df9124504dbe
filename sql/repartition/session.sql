{## What the sessions of a plan that repartitions a table have. -##}
{% include 'security/session.sql' %}

{% include 'repartition/log/session.sql' %}

{% include 'repartition/way_back/session.sql' %}

{% include 'repartition/swap/clock_procedure.sql' %}

{% include 'backups/session.sql' %}

{% include 'health/session.sql' %}
