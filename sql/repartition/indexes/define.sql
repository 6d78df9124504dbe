-- The indexes that the new table has as a whole, still without those of the partitions: ON ONLY
-- keeps each transaction, and its locks, to one table. They become valid when the last partition
-- has attached its own.
{% from 'layout/partitioned.sql' import partitioned with context %}
{% with written = [], read = [source, target], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}
{% from 'repartition/indexes/which.sql' import wanted, of_whole, of_layout with context %}
{% include 'repartition/indexes/analyzed.sql' %}
{% if partitioned %}

{% from 'layout/branches.sql' import branches with context %}
{% set tablespace = namespace(now=none) %}
{% for whole in [target] + branches | map(attribute='name') | list %}
{% for index in of_whole %}
{% set name = (whole.name ~ '_' ~ index.stem) | short_name | ident %}
{% if loop.first or index.tablespace != tablespace.now %}
{% set tablespace.now = index.tablespace %}
SET LOCAL default_tablespace = {{ (index.tablespace or '') | literal }};
{% endif %}
{% if index in of_layout %}
ALTER TABLE ONLY {{ whole | ident }} ADD CONSTRAINT {{ name }} PRIMARY KEY {% include 'repartition/indexes/columns.sql' %}
{%- if index.deferrable %} DEFERRABLE{% endif %}{% if index.deferred %} INITIALLY DEFERRED{% endif %};
{% elif index.is_constraint %}
ALTER TABLE ONLY {{ whole | ident }} ADD CONSTRAINT {{ name }} {{ index.constraint_sql }};
{% else %}
CREATE {% if index.unique %}UNIQUE {% endif %}INDEX {{ name }} ON ONLY {{ whole | ident }} {% include 'repartition/indexes/body.sql' %};
{% endif %}
{% if index.comment and whole == target %}
COMMENT ON INDEX {{ whole.schema | ident }}.{{ name }} IS {{ index.comment | literal }};
{% endif %}
{% if index.constraint_comment and whole == target %}
COMMENT ON CONSTRAINT {{ name }} ON {{ whole | ident }} IS {{ index.constraint_comment | literal }};
{% endif %}
{% if whole != target %}
ALTER INDEX {{ target.schema | ident }}.{{ (target.name ~ '_' ~ index.stem) | short_name | ident }} ATTACH PARTITION {{ whole.schema | ident }}.{{ name }};
{% endif %}
{% endfor %}
{% endfor %}
{% else %}
{% from 'repartition/target/partition_name.sql' import partition, leaf with context %}
{% set tablespace = namespace(now=wanted[0].tablespace if wanted else none) %}

-- It has no partitions: its indexes are built at once.
SET LOCAL lock_timeout = '10min'; SET LOCAL default_tablespace = {{ (tablespace.now or '') | literal }};
{% with commented = [] %}
{% include 'repartition/indexes/build_on.sql' %}
{% endwith %}
{% endif %}
