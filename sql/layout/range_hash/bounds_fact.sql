{## The intervals, as of one level. -##}
{% include 'layout/range/bounds_fact.sql' %}
