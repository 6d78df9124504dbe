{## Asks under the lock again how many rows have to be moved. -##}
{% if 'later_rows' not in given_up %}
DO {% set body %}

BEGIN
{% include 'adopt/swap/count_rows.sql' %}
END
{% endset %}{{ body | dollar_quoted }};
{% endif %}
