-- Partitions that are missing, and rows in a default partition. Which there should be is known of HASH, by
-- its largest modulus, and of LIST by a remainder: x % 100, in the partition key or in a CHECK of its column. RANGE
-- partitions have to go on after the present one, soon enough: older ones are nobody's need.
WITH parent AS (
  SELECT t.partrelid AS oid, t.partstrat AS strategy, t.partattrs::int2[] AS columns, pg_get_partkeydef(t.partrelid) AS definition
  FROM pg_partitioned_table AS t
  WHERE t.partrelid = {{ source | literal }}::regclass
), bounds AS MATERIALIZED (
  SELECT
    c.oid, pg_get_expr(c.relpartbound, c.oid) AS bound
  FROM parent
  JOIN pg_inherits AS i ON i.inhparent = parent.oid
  JOIN pg_class AS c ON c.oid = i.inhrelid
),
{% include 'health/ahead.sql' %}
, modulus AS (
  SELECT parent.strategy, CASE parent.strategy
    WHEN 'h' THEN (SELECT max(substring(bound FROM 'modulus (\d+)')::bigint) FROM bounds)
    WHEN 'l' THEN {% include 'health/divisor.sql' %}

    END AS number
  FROM parent
), taken AS (
  SELECT substring(bound FROM 'modulus (\d+)')::bigint AS modulus, substring(bound FROM 'remainder (\d+)')::bigint AS remainder
  FROM bounds WHERE bound LIKE '%modulus%'
  UNION ALL
  SELECT NULL, v[1]::bigint
  FROM bounds CROSS JOIN LATERAL regexp_matches(bound, '[(, ]''?(\d{1,6})''?(?=[,)])', 'g') AS v
  WHERE bound LIKE 'FOR VALUES IN%'
), missing AS (
  SELECT s.number
  FROM modulus CROSS JOIN LATERAL generate_series(0, modulus.number - 1) AS s (number)
  WHERE CASE modulus.strategy
    WHEN 'h' THEN NOT EXISTS (SELECT FROM taken WHERE s.number % taken.modulus = taken.remainder)
    ELSE NOT EXISTS (SELECT FROM taken WHERE s.number = taken.remainder) END
), defaults AS (
  SELECT count(*) AS partitions, sum(rows) AS rows, min(partition_name) AS partition_name
  FROM (
{% include 'health/judged.sql' %}
  ) AS p WHERE is_default
), counted AS (
  SELECT count(*) AS number, string_agg(number::text, ', ' ORDER BY number) FILTER (WHERE place <= 10) AS first
  FROM (SELECT number, row_number() OVER (ORDER BY number) AS place FROM missing) AS m
)
SELECT
  'missing_partitions' AS name,
  CASE WHEN (SELECT count(*) FROM bounds) = 0 THEN 'critical'
       WHEN NOT ahead.has_present OR NOT ahead.has_next THEN
         CASE WHEN defaults.partitions > 0 OR ahead.over < 0.5 THEN 'warning' ELSE 'critical' END
       WHEN counted.number = 0 THEN 'ok' WHEN defaults.partitions > 0 THEN 'warning' ELSE 'critical' END AS level,
  CASE WHEN NOT ahead.has_present OR NOT ahead.has_next THEN 1 ELSE counted.number END::float8 AS value,
  CASE
    WHEN (SELECT count(*) FROM bounds) = 0 THEN 'the table has no partition at all; every row is refused'
    WHEN NOT ahead.has_present THEN format('there is none for now; the last one ends at %s; a row of now %s', ahead.last_ends, lost.said)
    WHEN NOT ahead.has_next THEN format('there is none after the present one, which ends at %s; a row from there on %s', ahead.ends, lost.said)
    WHEN ahead.endless THEN 'none; the last one has no end'
    WHEN ahead.has_next THEN format('none; the last one ends at %s', ahead.last_ends)
    WHEN modulus.number IS NULL THEN 'not judged: the definition does not say which partitions there should be'
    WHEN counted.number = 0 THEN format('none of %s', modulus.number)
    ELSE format('%s of %s: number %s%s; a row that belongs there %s', counted.number, modulus.number, counted.first,
      CASE WHEN counted.number > 10 THEN ', ...' ELSE '' END, lost.said)
  END AS message,
  CASE WHEN ahead.over IS NOT NULL OR NOT ahead.has_present THEN '`executor maintain` makes partitions ahead; run it from cron'
       ELSE 'attach the partition again, or create it with CREATE TABLE ... PARTITION OF' END AS hint
FROM counted CROSS JOIN modulus CROSS JOIN defaults LEFT JOIN ahead ON true
CROSS JOIN LATERAL (SELECT CASE WHEN defaults.partitions > 0 THEN 'goes to the default partition' ELSE 'is refused' END) AS lost (said)
UNION ALL
SELECT
  'default_partition',
  CASE WHEN rows > 0 AND NOT by_value.is_so THEN 'warning' ELSE 'ok' END,
  coalesce(rows, 0)::float8,
  CASE
    WHEN partitions = 0 THEN 'there is none'
    WHEN rows > 0 THEN format('%s has %s rows%s', partition_name, trim(to_char(rows, '999,999,999,999,990')),
      CASE WHEN by_value.is_so THEN ', of the values that have no partition of their own' ELSE '' END)
    ELSE format('%s is empty', partition_name)
  END,
  CASE WHEN (SELECT strategy FROM parent) = 'r' THEN '`executor maintain` moves them to partitions of their own' ELSE 'rows there have no partition of their own: create it' END
FROM defaults CROSS JOIN (SELECT strategy = 'l' AND number IS NULL FROM modulus) AS by_value (is_so);
