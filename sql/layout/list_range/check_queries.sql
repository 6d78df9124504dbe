{## What its statements do afterwards: as of the other layout of two levels. ##}
{% with ranged = sub_key_column %}
{% include 'layout/range_hash/check_queries.sql' %}
{% endwith %}
