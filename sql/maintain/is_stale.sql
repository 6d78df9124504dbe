-- The statistics of the table as a whole are older than analyze_after, or there are none.
SELECT coalesce(greatest(s.last_analyze, s.last_autoanalyze) < now() - {{ analyze_after | literal }}::interval, true)
FROM pg_stat_user_tables AS s
WHERE s.relid = to_regclass({{ source | literal }})
