{## That every row has an interval; values have all a partition. ##}
{% with key_column = sub_key_column %}
{% include 'layout/range/check_rows.sql' %}
{% endwith %}
