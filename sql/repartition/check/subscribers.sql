-- What those have to know who receive the table by logical replication. Reads the catalogs.
WITH source AS (
  SELECT to_regclass({{ source | literal }})::oid AS oid
), publication AS (
{% include 'repartition/check/published.sql' %}
)
SELECT
  'publications of all tables, or of the schema' AS subject, 'none' AS expected,
  coalesce({% include 'tables/listed.sql' %} || ': publishes backup, log, new table and journal, '
    'too. A subscriber without them stops at their first row. Publish the tables by name instead', 'none') AS actual,
  count(listed.name) = 0 AS passed
FROM source LEFT JOIN publication ON NOT is_named
CROSS JOIN LATERAL (SELECT quote_ident(publication.name)) AS listed (name)
{% if added_columns %}
UNION ALL
SELECT
  'columns of subscribers', 'those of the new table',
  coalesce({% include 'tables/listed.sql' %} || ': its subscribers stop at the swap until they '
    {{ ('have what the new table has besides; add it there before: ' ~ added_columns | join(', ')) | literal }}, 'nobody subscribes'),
  count(listed.name) = 0
FROM source LEFT JOIN publication ON publication.columns = '[]'
CROSS JOIN LATERAL (SELECT quote_ident(publication.name)) AS listed (name)
{% endif %}
UNION ALL
-- Only pgoutput asks publications.
SELECT
  'logical replication slots', 'none of another plugin than pgoutput',
  coalesce({% include 'tables/listed.sql' %}
    || ': whether it decodes the table can''t be seen from here. From the swap on its reader gets the changes under the '
       {{ ('names of the partitions' ~ (', with the column ' ~ added_columns | join(', ') if added_columns else '') ~ ', and all that the plan itself writes, too') | literal }}, 'none'),
  count(slot_name) = 0
FROM source
LEFT JOIN pg_replication_slots AS s
  ON source.oid IS NOT NULL AND s.slot_type = 'logical' AND s.database = current_database() AND s.plugin <> 'pgoutput'
CROSS JOIN LATERAL (SELECT quote_ident(s.slot_name) || ' (' || s.plugin || ')') AS listed (name)
