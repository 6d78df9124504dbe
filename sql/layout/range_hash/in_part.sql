{## As of one level: what is in one partition is in one interval. ##}
{% include 'layout/range/in_part.sql' %}