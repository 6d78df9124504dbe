-- One of eight tables of the same form.
{% set name = 'shard_%d' | format(item) %}
{% if item == 0 %}
CREATE SCHEMA example_10;
{% endif %}
CREATE TABLE example_10.{{ name | ident }} AS
SELECT n AS id, md5(n::text) AS digest FROM generate_series(1, 2000) AS n;
