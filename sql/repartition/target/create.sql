-- The new table beside the old one: the same columns, then partition_key. LIKE shares the sequence
-- of a default and copies generated columns, checks and comments; identity and extended statistics follow
-- below under names of their own, indexes after the load. Columns are compared by name later, so dropped ones don't matter.
{% with written = [], read = [source], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}

CREATE TABLE {{ target | ident }} (
  LIKE {{ source | ident }} INCLUDING ALL EXCLUDING INDEXES EXCLUDING IDENTITY EXCLUDING STATISTICS
{%- if routing != 'hash' %},
  partition_key integer CONSTRAINT {{ (source.name ~ '_partition_key_not_null') | short_name | ident }} NOT NULL
{%- endif %}
{%- if routing == 'column' %},
  CONSTRAINT partition_key_check CHECK (partition_key = {% include 'repartition/routing/key.sql' %})
{%- endif %}

) PARTITION BY
{% if routing == 'expression' %}
  LIST (({% include 'repartition/routing/key.sql' %}));
{% elif routing == 'column' %}
  LIST (partition_key);
{% else %}
  HASH ({{ key_column | ident }});
{% endif %}

-- A row without a collection has no partition.
ALTER TABLE {{ target | ident }} ALTER COLUMN {{ key_column | ident }} SET NOT NULL;
{% for check in facts.checks if not check.validated %}
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
