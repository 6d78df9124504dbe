-- What those have to know who receive the table by logical replication. Reads the catalogs.
WITH source AS (
  SELECT to_regclass({{ source | literal }})::oid AS oid
), publication AS (
{% include 'facts/publications.sql' %}
)
SELECT
  'publications of all tables, or of the schema' AS subject, 'none' AS expected,
  coalesce(string_agg(quote_ident(name), ', ' ORDER BY name) || ': publishes backup, log, new table and journal, '
    'too. A subscriber without them stops at their first row. Publish the tables by name instead', 'none') AS actual,
  count(name) = 0 AS passed
FROM source LEFT JOIN publication ON NOT is_named
{% if routing != 'hash' %}
UNION ALL
SELECT
  'columns of subscribers', 'those of the new table',
  coalesce(string_agg(quote_ident(name), ', ' ORDER BY name) || ': its subscribers stop at the swap until they '
    'have the column; before it, there: ALTER TABLE ... ADD partition_key integer', 'nobody subscribes'),
  count(name) = 0
FROM source LEFT JOIN publication ON publication.columns = '[]'
{% endif %}
UNION ALL
-- Only pgoutput asks publications.
SELECT
  'logical replication slots', 'none of another plugin than pgoutput',
  coalesce(string_agg(quote_ident(slot_name) || ' (' || plugin || ')', ', ' ORDER BY slot_name)
    || ': whether it decodes the table can''t be seen from here. From the swap on its reader gets the changes under the '
       'names of the partitions{% if routing != 'hash' %}, with the column partition_key{% endif %}, and all that the plan itself writes, too', 'none'),
  count(slot_name) = 0
FROM source
LEFT JOIN pg_replication_slots AS s
  ON source.oid IS NOT NULL AND s.slot_type = 'logical' AND s.database = current_database() AND s.plugin <> 'pgoutput'
