{## Whether something is unique on every partition alone: {% from 'layout/narrow.sql' import narrow with context %}
    Then rows of different keys that are in one partition can exchange such values. The primary key is made to contain the key. ##}
{% from 'layout/' ~ layout ~ '/shape.sql' import unique_needs with context %}
{% set found = namespace(narrow=false) %}
{% for index in facts.indexes if index.unique and not index.primary and unique_needs | reject('in', index.columns) | list %}
{% set found.narrow = true %}
{% endfor %}
{% set narrow = found.narrow %}
