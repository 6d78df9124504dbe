{## Builds the indexes that are `wanted` on the loaded table `partition`, with their comments but for those that are `commented`
    on the table as a whole. `leaf` is how the table that holds the rows now is stored, `tablespace.now` the one that is set. -##}
{% for index in wanted %}
{% set name = (partition.name ~ '_' ~ index.stem) | short_name | ident %}
{% if index.tablespace != tablespace.now %}
{% set tablespace.now = index.tablespace %}
SET LOCAL default_tablespace = {{ (index.tablespace or '') | literal }};
{% endif %}
CREATE {% if index.unique %}UNIQUE {% endif %}INDEX {{ name }} ON {{ partition | ident }} {% include 'repartition/indexes/body.sql' %};
{% if index.is_constraint %}
ALTER TABLE {{ partition | ident }} ADD CONSTRAINT {{ name }} {% if index.primary %}PRIMARY KEY{% else %}UNIQUE{% endif %} USING INDEX {{ name }}
{%- if index.deferrable %} DEFERRABLE{% endif %}{% if index.deferred %} INITIALLY DEFERRED{% endif %};
{% endif %}
{% if index.comment and index not in commented %}
COMMENT ON INDEX {{ partition.schema | ident }}.{{ name }} IS {{ index.comment | literal }};
{% endif %}
{% if index.constraint_comment and index not in commented %}
COMMENT ON CONSTRAINT {{ name }} ON {{ partition | ident }} IS {{ index.constraint_comment | literal }};
{% endif %}
{% if index.clustered %}
ALTER TABLE {{ partition | ident }} CLUSTER ON {{ name }};
{% endif %}
{% if index.replica_identity %}
ALTER TABLE {{ partition | ident }} REPLICA IDENTITY USING INDEX {{ name }};
{% endif %}
{## ANALYZE looks at the statistics target of an expression in the partition's own index. -##}
{% for expression in index.statistics_targets %}
ALTER INDEX {{ partition.schema | ident }}.{{ name }} ALTER COLUMN {{ expression.column }} SET STATISTICS {{ expression.target }};
{% endfor %}
{% endfor %}
{% if leaf.replica_identity == 'default' %}
ALTER TABLE {{ partition | ident }} REPLICA IDENTITY DEFAULT;
{% endif %}
