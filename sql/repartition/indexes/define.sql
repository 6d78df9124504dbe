-- The indexes that the new table has as a whole, still without those of the partitions: ON ONLY
-- keeps each transaction, and its locks, to one table. They become valid when the last partition
-- has attached its own.
{% with written = [], read = [source, target], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}
{% from 'repartition/indexes/which.sql' import of_whole with context %}

{% for index in of_whole %}
{% set name = (target.name ~ '_' ~ index.stem) | short_name | ident %}
{% if loop.changed(index.tablespace) %}
SET LOCAL default_tablespace = {{ (index.tablespace or '') | literal }};
{% endif %}
{% if index.primary and routing != 'expression' %}
ALTER TABLE ONLY {{ target | ident }} ADD CONSTRAINT {{ name }} PRIMARY KEY {% include 'repartition/indexes/columns.sql' %}
{%- if index.deferrable %} DEFERRABLE{% endif %}{% if index.deferred %} INITIALLY DEFERRED{% endif %};
{% elif index.is_constraint %}
ALTER TABLE ONLY {{ target | ident }} ADD CONSTRAINT {{ name }} {{ index.constraint_sql }};
{% else %}
CREATE {% if index.unique %}UNIQUE {% endif %}INDEX {{ name }} ON ONLY {{ target | ident }} {% include 'repartition/indexes/body.sql' %};
{% endif %}
{% if index.comment %}
COMMENT ON INDEX {{ target.schema | ident }}.{{ name }} IS {{ index.comment | literal }};
{% endif %}
{% if index.constraint_comment %}
COMMENT ON CONSTRAINT {{ name }} ON {{ target | ident }} IS {{ index.constraint_comment | literal }};
{% endif %}
{% endfor %}
