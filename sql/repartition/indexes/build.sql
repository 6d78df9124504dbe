-- Builds the indexes, primary keys and unique constraints of one loaded partition, and attaches those
-- that the new table has, too; attaching scans nothing.
-- Lock: SHARE on the partition, which nobody uses; at the end SHARE UPDATE EXCLUSIVE on the new table's
-- indexes, for which the workers wait in turn.
{% from 'repartition/target/partition_name.sql' import partition, leaf with context %}
{% from 'repartition/indexes/which.sql' import wanted, of_whole with context %}
{% set tablespace = namespace(now=wanted[0].tablespace) %}
-- Nobody but the other workers is kept waiting{% if workers > 1 and partition_count > 1 %}; they build, too, so starting helpers would take longer than it saves{% endif %}.
SET LOCAL lock_timeout = '10min';
{%- if workers > 1 and partition_count > 1 %} SET LOCAL max_parallel_maintenance_workers = 0;{% endif %} SET LOCAL default_tablespace = {{ (tablespace.now or '') | literal }};
{% with written = [], read = [source, partition], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}
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
{% if index.comment and index not in of_whole %}
COMMENT ON INDEX {{ partition.schema | ident }}.{{ name }} IS {{ index.comment | literal }};
{% endif %}
{% if index.constraint_comment and index not in of_whole %}
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
{% for index in of_whole %}
ALTER INDEX {{ target.schema | ident }}.{{ (target.name ~ '_' ~ index.stem) | short_name | ident }} ATTACH PARTITION {{ partition.schema | ident }}.{{ (partition.name ~ '_' ~ index.stem) | short_name | ident }};
{% endfor %}
