{## From here on it is as limit_wal.sql says, and nothing of what was loaded is left to be written. -##}
SELECT pg_reload_conf();
CHECKPOINT
