{## What its statements do afterwards: as of the other layout of two levels. ##}
{% include 'layout/range_hash/check_queries.sql' %}
