-- The table that a plan is about, with its partitions: how much there is of it, from the server's
-- counters, and what hangs on it. No row if there is no such table.
WITH source AS (
  SELECT oid FROM pg_class WHERE oid = to_regclass({{ subject | literal }}) AND relkind IN ('r', 'p')
), leaf AS (
  SELECT oid FROM source
  UNION SELECT tree.relid FROM source, pg_partition_tree(source.oid) AS tree
), measured AS (
  SELECT
    sum(rows)::bigint AS rows, sum(table_bytes)::bigint AS table_bytes, sum(index_bytes)::bigint AS index_bytes,
    sum(written)::bigint AS written
  FROM (
    SELECT
{% include 'tables/rows.sql' %}
      pg_table_size(c.oid) AS table_bytes, pg_indexes_size(c.oid) AS index_bytes,
      pg_stat_get_tuples_inserted(c.oid) + pg_stat_get_tuples_updated(c.oid) + pg_stat_get_tuples_deleted(c.oid) AS written
    FROM leaf JOIN pg_class AS c ON c.oid = leaf.oid
  ) AS part
)
SELECT
  measured.*,
  pg_get_userbyid(c.relowner)::text AS owner, c.relkind::text AS kind,
  CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS partitioned_by,
  (SELECT count(*) FROM leaf) - 1 AS partitions,
  (SELECT count(*) FROM pg_index WHERE indrelid = c.oid) AS indexes,
  (SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = c.oid AND contype = 'p') AS primary_key,
  extract(epoch FROM clock_timestamp() - coalesce(
    (SELECT stats_reset FROM pg_stat_database WHERE datname = current_database()), pg_postmaster_start_time()))::float8
    AS counted_for
FROM source
JOIN pg_class AS c ON c.oid = source.oid
CROSS JOIN measured;
