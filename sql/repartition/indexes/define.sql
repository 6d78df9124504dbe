-- The indexes that the new table has as a whole, still without those of the partitions: ON ONLY
-- keeps each transaction, and its locks, to one table. They become valid when the last partition
-- has attached its own.
{% with written = [], read = [source, target], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}

{% for index in facts.indexes if index.on_parent %}
{% set name = (target.name ~ '_' ~ index.stem) | short_name | ident %}
{% if loop.changed(index.tablespace) %}
SET LOCAL default_tablespace = {{ (index.tablespace or '') | literal }};
{% endif %}
{% if index.is_constraint %}
ALTER TABLE ONLY {{ target | ident }} ADD CONSTRAINT {{ name }} {{ index.constraint_sql }};
{% else %}
CREATE {% if index.unique %}UNIQUE {% endif %}INDEX {{ name }} ON ONLY {{ target | ident }} {{ index.body_sql }};
{% endif %}
{% if index.comment is not none %}
COMMENT ON INDEX {{ target.schema | ident }}.{{ name }} IS {{ index.comment | literal }};
{% endif %}
{% if index.constraint_comment is not none %}
COMMENT ON CONSTRAINT {{ name }} ON {{ target | ident }} IS {{ index.constraint_comment | literal }};
{% endif %}
{% endfor %}
