-- Builds the indexes, primary keys and unique constraints of one loaded partition, and attaches those
-- that the new table has, too; attaching scans nothing.
-- Lock: SHARE on the partition, which nobody uses, and ACCESS EXCLUSIVE where it gets a key or is told what identifies a
-- row; at the end SHARE UPDATE EXCLUSIVE on the new table's indexes, for which the workers wait in turn.
{% from 'repartition/target/partition_name.sql' import partition, branch, above, leaf with context %}
{% from 'repartition/indexes/which.sql' import wanted, of_whole, of_layout with context %}
{% from 'layout/' ~ layout ~ '/numbers.sql' import numbers with context %}
{% set tablespace = namespace(now=wanted[0].tablespace if wanted else none) %}
-- Nobody but the other workers is kept waiting{% if workers > 1 and numbers | length > 1 %}; they build, too, so starting helpers would take longer than it saves{% endif %}.
SET LOCAL lock_timeout = '10min';
{%- if workers > 1 and numbers | length > 1 %} SET LOCAL max_parallel_maintenance_workers = 0;{% endif %} SET LOCAL default_tablespace = {{ (tablespace.now or '') | literal }};
{% with written = [], read = [source, partition], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}
{% with commented = of_whole %}
{% include 'repartition/indexes/build_on.sql' %}
{% endwith %}
{% if branch %}
-- Who completes a branch completes the whole only if the others that are complete can be seen: one after the other.
LOCK TABLE ONLY {{ target | ident }} IN SHARE UPDATE EXCLUSIVE MODE;
{% endif %}
{% for index in of_whole %}
ALTER INDEX {{ above.schema | ident }}.{{ (above.name ~ '_' ~ index.stem) | short_name | ident }} ATTACH PARTITION {{ partition.schema | ident }}.{{ (partition.name ~ '_' ~ index.stem) | short_name | ident }};
{% endfor %}
