-- How many connections a run works with: as many as there are cores, if the server is on this machine, else
-- two. Not more than 16, nor than the server may have parallel workers, nor than half of the connections that are free.
SELECT greatest(1, least(
  16,
  coalesce({{ cores | literal }}::integer, 2),
  current_setting('max_parallel_workers')::integer,
  (current_setting('max_connections')::integer - current_setting('superuser_reserved_connections')::integer
    - (SELECT count(*) FROM pg_stat_activity WHERE backend_type IS NULL OR backend_type = 'client backend')) / 2
))::integer
