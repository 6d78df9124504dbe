-- What will be different afterwards; none of it stops the plan. Reads the catalogs.
{% from 'adopt/bound/which.sql' import below with context %}
{% from 'adopt/indexes.sql' import whole, alone, key with context %}
WITH source AS (
  SELECT to_regclass({{ source | literal }}) AS oid
), key AS (
  SELECT a.* FROM source JOIN pg_attribute AS a ON a.attrelid = source.oid
  WHERE a.attname = {{ key_column | literal }} AND a.attnum > 0 AND NOT a.attisdropped
)
SELECT
  'the table' AS subject, 'stays as it is' AS expected,
  {{ (old.name ~ ' afterwards, the partition ' ~ (below.bound_sql or '') ~ '. Not a row is copied. Others go to '
      ~ (facts.partitions | map(attribute='name') | join(', ') or 'partitions that you make after the run: until then they are refused')) | literal }} AS actual,
  false AS passed
UNION ALL
SELECT
  'writers while the plan runs', 'may write any row',
  {{ ('from the step bound to the swap a row of another partition, or without ' ~ key_column ~ ', is refused; also where the run stops between them: '
      'run it again, or roll it back') | literal }},
  false
UNION ALL
SELECT
  'column ' || quote_ident({{ key_column | literal }}), 'NOT NULL',
  CASE WHEN key.attnotnull IS NOT FALSE THEN 'NOT NULL' ELSE 'may be null now; the new table refuses rows without it' END,
  key.attnotnull IS NOT FALSE
FROM source LEFT JOIN key ON true
UNION ALL
SELECT
  'room for it', 'none needed',
  {% if key %}'about ' || pg_size_pretty(2 * coalesce((SELECT pg_relation_size(i.indexrelid) FROM pg_index AS i WHERE i.indrelid = source.oid AND i.indisprimary), 0)) || ' for the two indexes, and as much WAL'
  {%- else %}'none needed'{% endif %},
  {{ (not key) | literal }}
FROM source
UNION ALL
-- A row is routed before its triggers fire; changing the key then is an error on a partitioned table.
SELECT
  'BEFORE INSERT row triggers', 'none that changes ' || quote_ident({{ key_column | literal }}),
  coalesce({% include 'tables/listed.sql' %} || ': if one sets the column, inserts will fail', 'none'),
  count(t.oid) = 0
FROM source
LEFT JOIN pg_trigger AS t
  ON t.tgrelid = source.oid AND NOT t.tgisinternal AND t.tgtype & 7 = 7
CROSS JOIN LATERAL (SELECT t.tgname::text) AS listed (name)
UNION ALL
SELECT
  'age of the table', 'less than autovacuum_freeze_max_age',
  coalesce(max(age(c.relfrozenxid)), 0)
    || CASE WHEN coalesce(max(age(c.relfrozenxid)), 0) < current_setting('autovacuum_freeze_max_age')::bigint
       THEN '' ELSE '; a vacuum to prevent wraparound does not make way for the swap: VACUUM (FREEZE) first' END,
  coalesce(max(age(c.relfrozenxid)), 0) < current_setting('autovacuum_freeze_max_age')::bigint
FROM source LEFT JOIN pg_class AS c ON c.oid = source.oid
UNION ALL
{% with parts = facts.partitions | length + 1 %}
{% include 'repartition/check/incoming_keys.sql' %}
{% endwith %}
UNION ALL
{% include 'repartition/check/grantors.sql' %}
