-- The indexes of the new table as a whole, and with them those of its partitions, which are empty. When the table of now is
-- attached, each finds its own there, and nothing is built.
-- Lock: SHARE on the new table, which nobody uses.
{% from 'adopt/indexes.sql' import whole with context %}
{% with written = [], read = [source, target], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}
{% set leaf = facts.leaves | first | default({'replica_identity': 'default'}) %}
{% for index in whole %}
{% set name = (target.name ~ '_' ~ index.stem) | short_name | ident %}
{% if loop.changed(index.tablespace) %}
SET LOCAL default_tablespace = {{ (index.tablespace or '') | literal }};
{% endif %}
{% if index.primary and key_column not in index.columns %}
ALTER TABLE {{ target | ident }} ADD CONSTRAINT {{ name }} PRIMARY KEY {% include 'adopt/keys/columns.sql' %}
{%- if index.deferrable %} DEFERRABLE{% endif %}{% if index.deferred %} INITIALLY DEFERRED{% endif %};
{% elif index.is_constraint %}
ALTER TABLE {{ target | ident }} ADD CONSTRAINT {{ name }} {{ index.constraint_sql }};
{% else %}
CREATE {% if index.unique %}UNIQUE {% endif %}INDEX {{ name }} ON {{ target | ident }} {{ index.body_sql }};
{% endif %}
{% if index.comment %}
COMMENT ON INDEX {{ target.schema | ident }}.{{ name }} IS {{ index.comment | literal }};
{% endif %}
{% if index.constraint_comment %}
COMMENT ON CONSTRAINT {{ name }} ON {{ target | ident }} IS {{ index.constraint_comment | literal }};
{% endif %}
{% endfor %}
-- What subscribers are told that identifies a row: all columns, where the table has no key as a whole.
{% if leaf.replica_identity == 'nothing' %}
ALTER TABLE {{ target | ident }} REPLICA IDENTITY NOTHING;
{% elif leaf.replica_identity == 'full' or not whole | selectattr('primary' if leaf.replica_identity == 'default' else 'replica_identity') | list %}
ALTER TABLE {{ target | ident }} REPLICA IDENTITY FULL;
{% endif %}
{% for index in whole if index.replica_identity %}
DO $executor$
DECLARE
  part record;
BEGIN
  FOR part IN
    SELECT i.indrelid::regclass AS relation, c.relname
    FROM pg_partition_tree({{ ((target.schema | ident) ~ '.' ~ ((target.name ~ '_' ~ index.stem) | short_name | ident)) | string | literal }}::regclass) AS tree
    JOIN pg_index AS i ON i.indexrelid = tree.relid JOIN pg_class AS c ON c.oid = tree.relid
  LOOP
    EXECUTE format('ALTER TABLE %s REPLICA IDENTITY USING INDEX %I', part.relation, part.relname);
  END LOOP;
END
$executor$;
{% endfor %}
-- How its columns are analyzed.
{% for column in facts.statistics_targets %}
{% if column.target is not none %}
ALTER TABLE {{ target | ident }} ALTER COLUMN {{ column.name | ident }} SET STATISTICS {{ column.target }};
{% endif %}
{% if column.distinct_values is not none %}
-- What n_distinct says of the one table, n_distinct_inherited says of all partitions together.
ALTER TABLE ONLY {{ target | ident }} ALTER COLUMN {{ column.name | ident }} SET (n_distinct_inherited = {{ column.distinct_values | literal }});
{% endif %}
{% endfor %}
{% with relation = target %}
{% include 'security/private.sql' %}
{% endwith %}
