-- The server's identity, and whether it can be written to.
SELECT
  current_setting('server_version_num')::integer AS version_number,
  current_setting('server_version') AS version,
  pg_is_in_recovery() AS standby,
  current_setting('default_transaction_read_only')::boolean AS read_only,
  (SELECT system_identifier FROM pg_control_system())::text AS system_identifier,
  -- that of the last checkpoint is the old one for a while after a fail-over
  CASE WHEN pg_is_in_recovery() THEN (SELECT timeline_id FROM pg_control_checkpoint())::bigint
    ELSE ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::bigint END AS timeline,
  has_database_privilege(current_database(), 'CREATE') AS may_create_schema,
  pg_backend_pid() AS backend_pid,
  current_user::text AS "user",
  current_database()::text AS database,
  -- this second, or the next one that stands in no name yet
  (
    WITH stamped AS MATERIALIZED (SELECT relname FROM pg_class WHERE relname ~ '[0-9]{8}_[0-9]{6}')
    SELECT stamp
    FROM generate_series(0, 99) AS later,
      to_char(clock_timestamp() AT TIME ZONE 'UTC' + make_interval(secs => later), 'YYYYMMDD_HH24MISS') AS stamp
    ORDER BY EXISTS (SELECT FROM stamped WHERE strpos(relname, stamp) > 0), later
    LIMIT 1
  ) AS name_timestamp;
