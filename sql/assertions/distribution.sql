-- Rows by partition, counted; a partition without rows counts as well.
{% with left = table, right = table, without = none %}
{% include 'tables/steady.sql' %}
{% endwith %}
WITH counted AS MATERIALIZED (
  SELECT tableoid AS relid, count(*) AS rows FROM {{ table | name | ident }} GROUP BY 1
),
leaves AS MATERIALIZED (
  SELECT t.relid, coalesce(c.rows, 0) AS rows
  FROM pg_partition_tree({{ table | name | literal }}::regclass) AS t
  LEFT JOIN counted AS c ON c.relid = t.relid
  WHERE t.isleaf
)
SELECT
  'partitions of ' || {{ table | name | literal }}::regclass AS subject,
{% if partitions is not none %}
  {{ partitions | int }}::text AS expected,
  format('%s, %s of them with rows', count(*), count(*) FILTER (WHERE rows > 0)) AS actual,
  count(*) = {{ partitions | int }} AS passed
{% else %}
  'at least 1' AS expected,
  format('%s, %s of them with rows', count(*), count(*) FILTER (WHERE rows > 0)) AS actual,
  count(*) > 0 AS passed
{% endif %}
FROM leaves
{% if max_ratio is not none %}
UNION ALL
SELECT
  'largest partition over the average',
  'at most ' || {{ max_ratio | literal }},
  format('%s (%s has %s rows)', coalesce(round(max(rows) / nullif(avg(rows), 0), 2), 0),
    (array_agg(relid::regclass ORDER BY rows DESC, relid))[1], max(rows)),
  coalesce(max(rows) / nullif(avg(rows), 0) <= {{ max_ratio | literal }}, true)
FROM leaves
{% endif %}
{% if minimum is not none or maximum is not none %}
UNION ALL
SELECT
  'rows of ' || relid::regclass,
  concat_ws(', ', 'at least ' || {{ minimum | literal }}::bigint, 'at most ' || {{ maximum | literal }}::bigint),
  rows::text,
  rows >= {{ minimum | default(0, true) }} AND rows <= coalesce({{ maximum | literal }}, rows)
FROM leaves
{% endif %}
;
