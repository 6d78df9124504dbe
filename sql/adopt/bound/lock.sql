-- Lock: SHARE UPDATE EXCLUSIVE, which readers and writers don't notice; then ACCESS EXCLUSIVE, for an instant, waited for no
-- longer than lock_timeout.
{% with least = margin %}
{% include 'adopt/' ~ method ~ '/refuse_late.sql' %}
{% endwith %}
{% with first = source, second = none %}
{% include 'tables/keep_vacuum_away.sql' %}
{% endwith %}
LOCK TABLE {{ source | ident }} IN ACCESS EXCLUSIVE MODE;
