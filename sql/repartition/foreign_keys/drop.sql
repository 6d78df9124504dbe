-- Drops a foreign key of the new table, or what its partitions have of it. One a transaction, so that never two
-- referenced tables are locked. What belongs to a key of a table that somebody has renamed goes with its partition.
-- Lock: ACCESS EXCLUSIVE on the referenced table; short, and given up after lock_timeout.
{% set key = item %}
ALTER TABLE IF EXISTS {{ target | ident }} DROP CONSTRAINT IF EXISTS {{ key.name | ident }};
DO {% set body %}

BEGIN
{% from 'layout/' ~ layout ~ '/numbers.sql' import numbers with context %}
{% for item in numbers %}
{% from 'repartition/target/partition_name.sql' import partition with context %}
  IF EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass({{ partition | literal }}) AND conname = {{ key.name | literal }} AND conparentid = 0) THEN
    ALTER TABLE {{ partition | ident }} DROP CONSTRAINT {{ key.name | ident }};
  END IF;
{% endfor %}
END
{% endset %}{{ body | dollar_quoted }};
