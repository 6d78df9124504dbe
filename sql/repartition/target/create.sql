-- The new table beside the old one: the same columns, then those of its layout. LIKE shares the sequence
-- of a default and copies generated columns, checks and comments; identity and extended statistics follow
-- below under names of their own, indexes after the load. Columns are compared by name later, so dropped ones don't matter.
{% with written = [], read = [source], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}

{% from 'repartition/earlier.sql' import earlier with context %}
{% set said_again = facts.new_columns or earlier.owns_key %}
{% if facts.new_columns %}
{% include 'repartition/target/new_columns.sql' %}

{% endif %}
CREATE TABLE {{ target | ident }} (
  LIKE {% if facts.new_columns %}pg_temp.executor_shape{% else %}{{ source | ident }}{% endif %} INCLUDING ALL EXCLUDING INDEXES EXCLUDING IDENTITY EXCLUDING STATISTICS{% if earlier.owns_key and not facts.new_columns %} EXCLUDING CONSTRAINTS{% endif %}

{%- for check in facts.checks if earlier.owns_key and not facts.new_columns and check.validated %},
  CONSTRAINT {{ check.name | ident }} {{ check.definition_sql }}
{%- endfor %}
{%- include 'layout/' ~ layout ~ '/added_columns.sql' %}

) {% include 'layout/' ~ layout ~ '/partition_by.sql' %};
{% from 'layout/' ~ layout ~ '/shape.sql' import key_columns with context %}
{% for column in key_columns %}

-- A row without it has no partition.
ALTER TABLE {{ target | ident }} ALTER COLUMN {{ column | ident }} SET NOT NULL;
{% endfor %}
{% for column in earlier.own_columns | reject('in', added_columns) if not facts.new_columns %}

-- An earlier run has added it, and this layout has none.
ALTER TABLE {{ target | ident }} DROP COLUMN {{ column | ident }};
{% endfor %}
{% for check in facts.checks if earlier.owns_key and not facts.new_columns and check.validated and check.comment %}
COMMENT ON CONSTRAINT {{ check.name | ident }} ON {{ target | ident }} IS {{ check.comment | literal }};
{% endfor %}
{% for check in facts.checks if not check.validated and not said_again %}
-- It may not hold for all rows; it comes back after the load.
ALTER TABLE {{ target | ident }} DROP CONSTRAINT {{ check.name | ident }};
{% endfor %}
{% for table in facts.table if table.tablespace is not none %}
-- Partitions and their indexes take the tablespace of their parent.
ALTER TABLE {{ target | ident }} SET TABLESPACE {{ table.tablespace | ident }};
{% endfor %}

{% from 'repartition/way_back/marks.sql' import of_target with context %}
COMMENT ON TABLE {{ target | ident }} IS {{ of_target | literal }};

{% include 'repartition/target/identity.sql' %}
{% include 'repartition/target/statistics.sql' %}
{% with relation = target %}
{% include 'security/private.sql' %}
{% include 'repartition/target/refuse_additions.sql' %}
{% endwith %}
{% from 'layout/branches.sql' import branches with context %}
{% for branch in branches %}

CREATE TABLE {{ branch.name | ident }} PARTITION OF {{ target | ident }} {{ branch.bound_sql }} {% include 'layout/' ~ layout ~ '/sub_partition_by.sql' %};
{% with relation = branch.name %}
{% include 'security/private.sql' %}
{% endwith %}
{% endfor %}
