-- The server: what it has for a run, and who follows it.
SELECT
  current_setting('server_version') AS version,
  current_setting('server_version_num')::integer AS version_number,
  current_database()::text AS database, session_user::text AS role,
  current_setting('max_connections')::integer - current_setting('superuser_reserved_connections')::integer
    - (SELECT count(*) FROM pg_stat_activity WHERE backend_type IS NULL OR backend_type = 'client backend')::integer
    AS free_connections,
  current_setting('wal_level') AS wal_level,
  pg_size_bytes(current_setting('max_wal_size')) AS max_wal_bytes,
  current_setting('archive_mode') <> 'off' AS archiving,
  (SELECT count(*) FROM pg_stat_replication) AS replicas,
  (SELECT count(*) FROM pg_replication_slots) AS slots,
  current_setting('max_locks_per_transaction')::integer AS locks_per_transaction,
  current_setting('max_connections')::integer + current_setting('max_prepared_transactions')::integer AS sessions,
  (SELECT system_identifier FROM pg_control_system())::text AS system_identifier,
  clock_timestamp() AS asked_at;
