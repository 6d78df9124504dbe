{## That every row has an interval; each has all parts. ##}
{% include 'layout/range/check_rows.sql' %}
