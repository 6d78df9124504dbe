-- The partitions that the table gets beside its first one: see below.
{% include 'adopt/' ~ method ~ '/partitions.sql' %}
