-- The partition of one month: item runs from 1 to 12.
{% set name = 'measurements_%02d' | format(item) %}
CREATE TABLE example_04.{{ name | ident }}
  PARTITION OF example_04.measurements FOR VALUES IN ({{ item }});
