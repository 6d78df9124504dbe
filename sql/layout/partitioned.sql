{## Whether the new table has partitions: {% from 'layout/partitioned.sql' import partitioned with context %}
    It has, unless the layout's shape.sql says that it has not. ##}
{% import 'layout/' ~ layout ~ '/shape.sql' as shape with context %}
{% set partitioned = shape.partitioned | default(true) %}
