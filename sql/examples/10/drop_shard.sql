-- The first table was made with the schema, so it is the last to go.
{% set name = 'shard_%d' | format(item) %}
DROP TABLE example_10.{{ name | ident }};
{% if item == 0 %}
DROP SCHEMA example_10;
{% endif %}
