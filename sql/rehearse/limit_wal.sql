{## So much WAL comes between two checkpoints of this server; a smaller table has to meet as many as the real one, for each makes
    whole pages be written again. 32 MB are the least that PostgreSQL takes. -##}
ALTER SYSTEM SET max_wal_size = {{ [megabytes, 32] | max }}
