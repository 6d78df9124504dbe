-- Attaches the indexes of one partition to those of the new table; nothing is built or scanned.
{% from 'chunks/partition.sql' import partition with context %}
DO $executor$
DECLARE
  index record;
BEGIN
  FOR index IN
    SELECT * FROM (
{% with relation = partition %}
{% include 'chunks/indexes.sql' %}
{% endwith %}
    ) AS all_indexes WHERE on_parent
  LOOP
    EXECUTE format('ALTER INDEX %I.%I ATTACH PARTITION %1$I.%3$I',
                   {{ partition.schema | literal }}, index.parent_name, index.name);
  END LOOP;
END
$executor$;
