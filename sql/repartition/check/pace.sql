-- About how many seconds a weight of 1 takes here: the plan's weights are 9 together with a copy for the backup. It is reckoned
-- from what was measured for docs/performance.md (12 s for 1,000,000 rows, 10 s for 1 GB of them, 0.04 s for each
-- partition, two workers), and from how long the server hashes 8 MB, beside the 4 ms there. Reads no row of the table, so it
-- knows nothing of the disk.
{% from 'layout/' ~ layout ~ '/numbers.sql' import numbers with context %}
WITH source AS (
  SELECT to_regclass({{ source | literal }})::oid AS oid
), leaf AS (
  SELECT oid FROM source
  UNION SELECT tree.relid FROM source, pg_partition_tree(source.oid) AS tree
), measured AS (
  SELECT sum(rows) AS rows, sum(bytes) AS bytes
  FROM (
    SELECT
{% include 'tables/rows.sql' %}
      pg_table_size(c.oid) AS bytes
    FROM leaf JOIN pg_class AS c ON c.oid = leaf.oid
  ) AS part
), hashed AS (
  -- the least of three: the first pays for what is not in memory yet
  SELECT min(extract(epoch FROM after.at - before.at)) AS seconds
  FROM generate_series(1, 3) AS attempt (number)
  CROSS JOIN LATERAL (SELECT clock_timestamp() AS at, attempt.number OFFSET 0) AS before
  CROSS JOIN LATERAL (
    SELECT sum(hashtextextended(repeat('x', 1000), item)::numeric) AS sum FROM generate_series(1, 8000) AS item WHERE before.at IS NOT NULL OFFSET 0
  ) AS work
  CROSS JOIN LATERAL (SELECT clock_timestamp() AS at, work.sum OFFSET 0) AS after
)
SELECT (
  greatest(rows, 0) * 0.000012 + bytes * 10 / 1e9 + 0.04 * {{ numbers | length }}
) / 9 * greatest(hashed.seconds, 0.0001) / 0.004
FROM measured CROSS JOIN hashed
