-- The partition of one month.
{% set name = 'measurements_%02d' | format(item) %}
DROP TABLE example_04.{{ name | ident }};
