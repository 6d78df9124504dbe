-- The new table beside the one of now: the same columns, checks and comments, without rows. LIKE shares the sequence of a
-- default; identity and extended statistics follow under names of their own.
{% with written = [], read = [source], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}

CREATE TABLE {{ target | ident }} (
  LIKE {{ source | ident }} INCLUDING ALL EXCLUDING INDEXES EXCLUDING IDENTITY EXCLUDING STATISTICS
) PARTITION BY {% include 'adopt/' ~ method ~ '/partition_by.sql' %} ({{ key_column | ident }});
-- Beyond the bound, too, a row without a value has no partition.
{% for column in facts.columns if column.name == key_column and not column.not_null %}
{% if facts.server[0].version >= 180000 %}
ALTER TABLE {{ target | ident }} ADD CONSTRAINT {{ (source.name ~ '_' ~ key_column ~ '_not_null') | short_name | ident }} NOT NULL {{ key_column | ident }};
{% else %}
ALTER TABLE {{ target | ident }} ALTER COLUMN {{ key_column | ident }} SET NOT NULL;
{% endif %}
{% endfor %}
{% for check in facts.checks if not check.validated %}
-- It may not hold for all rows that are there, and is to stay as it is.
ALTER TABLE {{ target | ident }} DROP CONSTRAINT {{ check.name | ident }};
ALTER TABLE {{ target | ident }} ADD CONSTRAINT {{ check.name | ident }} {{ check.definition_sql }};
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
