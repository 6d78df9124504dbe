-- What all rows of now have in common, and no later row in other partitions: see below.
{% include 'adopt/' ~ method ~ '/bound.sql' %}
