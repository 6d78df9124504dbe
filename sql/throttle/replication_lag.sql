-- No replica is more than max_lag behind; a role without the rights of pg_monitor can't tell.
-- In bytes, not in time: replay_lag is null for a replica that has caught up, as for one that says
-- nothing. A receiver that replays nothing counts by what it has written; what is not known is false.
-- A base backup under way is no replica. A replica that is not connected is not seen.
SELECT coalesce(bool_and(coalesce(
  pg_wal_lsn_diff(pg_current_wal_lsn(), coalesce(replay_lsn, flush_lsn, write_lsn))
    <= pg_size_bytes({{ max_lag | literal }}), false)), true)
FROM pg_stat_replication
WHERE state IS DISTINCT FROM 'backup'
