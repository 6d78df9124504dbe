-- Whether the server has room for the locks of a transaction that reads all of the old and the new
-- table: their partitions, and an index of each for every index of the source. Reads the catalogs.
{% from 'layout/' ~ layout ~ '/numbers.sql' import numbers with context %}
{% from 'layout/branches.sql' import branches with context %}
WITH tree AS (
  SELECT relid FROM (SELECT to_regclass({{ source | literal }}) AS oid) AS source, pg_partition_tree(source.oid)
  UNION SELECT to_regclass({{ source | literal }})
), source AS (
  SELECT
    (SELECT count(*) FROM tree) AS tables,
    {{ facts.indexes | length }}::bigint AS indexes
), room AS (
  SELECT
    current_setting('max_locks_per_transaction')::bigint AS per_transaction,
    -- as the server counts them for the size of its lock table
    current_setting('max_connections')::bigint + current_setting('max_prepared_transactions')::bigint
      + current_setting('max_worker_processes')::bigint + current_setting('max_wal_senders')::bigint
      + coalesce(current_setting('autovacuum_worker_slots', true), current_setting('autovacuum_max_workers'))::bigint
      + 1 AS transactions,
    -- the new table always has an index for the key, and a sequence or two
    ({{ numbers | length + branches | length }} + 1) * (indexes + 2) + tables * (indexes + 1) + 10 AS needed
  FROM source
)
SELECT
  'locks in one transaction' AS subject,
  format('room for %s', needed) AS expected,
  format('room for %s', per_transaction * transactions)
    || CASE WHEN per_transaction * transactions >= needed THEN ''
       ELSE format('; set max_locks_per_transaction to at least %s and restart the server',
                   ceil(needed * 1.2 / transactions)) END AS actual,
  per_transaction * transactions >= needed AS passed
FROM room
UNION ALL
SELECT
  'role of the server', 'accepts writes',
  CASE WHEN pg_is_in_recovery() THEN 'a standby; connect to the primary' ELSE 'accepts writes' END,
  NOT pg_is_in_recovery()
