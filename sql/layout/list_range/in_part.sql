{## As of one level: what is in one partition has one value, or is of the others. ##}
{% include 'layout/list/in_part.sql' %}