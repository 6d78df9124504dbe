-- The table that was just measured and entered into the registry holds every column of every row of the
-- source: its digest in the registry is that of the source, computed in the same snapshot. The registry is that into
-- which this transaction has written.
{% with table = source %}
CALL pg_temp.executor_measure({{ source | literal }});

WITH both_sides AS (
  SELECT own.record_count, own.digest, entry.record_count AS entered, entry.digest AS entered_digest
  FROM (
{% include 'tables/digest.sql' %}
  ) AS own
  LEFT JOIN {{ source.schema | ident }}.migration_backups AS entry
    ON entry.table_oid = {{ backup_table | literal }}::regclass AND entry.kind = 'backup' AND entry.run = {{ timestamp | literal }}
),
columns AS (
  SELECT relation, string_agg(format('%I %s', attname, format_type(atttypid, atttypmod)), ', ' ORDER BY attnum) AS text
  FROM unnest(ARRAY[{{ source | literal }}, {{ backup_table | literal }}]) AS relation
  JOIN pg_attribute ON attrelid = relation::regclass
  WHERE attnum > 0 AND NOT attisdropped
  GROUP BY relation
)
SELECT 'columns of ' || {{ backup_table | literal }}::regclass AS subject,
  expected.text AS expected, actual.text AS actual, expected.text = actual.text AS passed
FROM columns AS expected JOIN columns AS actual ON actual.relation = {{ backup_table | literal }}
WHERE expected.relation = {{ source | literal }}
UNION ALL
SELECT 'rows of ' || {{ backup_table | literal }}::regclass,
  record_count::text, entered::text, record_count = entered
FROM both_sides
UNION ALL
SELECT 'digest of ' || {{ backup_table | literal }}::regclass, digest, entered_digest, digest = entered_digest
FROM both_sides;
{% endwith %}
