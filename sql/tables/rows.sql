{## The column `rows`: those of the relation `c` as the server's counters have them. Those know of no VACUUM and no ANALYZE right
    after they were reset, as by a crash, and on a standby; the last estimate then counts as well. -##}
  CASE
    WHEN num_nonnulls(pg_stat_get_last_vacuum_time(c.oid), pg_stat_get_last_autovacuum_time(c.oid),
      pg_stat_get_last_analyze_time(c.oid), pg_stat_get_last_autoanalyze_time(c.oid)) > 0
    THEN pg_stat_get_live_tuples(c.oid)
    ELSE greatest(pg_stat_get_live_tuples(c.oid), c.reltuples::bigint)
  END AS rows,
