{## How large the database is, and how much WAL the server has written so far. -##}
SELECT pg_database_size(current_database())::bigint AS bytes, (pg_current_wal_lsn() - '0/0'::pg_lsn)::bigint AS wal
