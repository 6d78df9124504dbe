-- Dead rows, the last VACUUM and the last ANALYZE, from the counters. Under 1,000 rows autovacuum has no
-- reason to come. It never analyzes a partitioned table as a whole; reltuples of -1 says that nobody has.
WITH p AS MATERIALIZED (
{% include 'health/judged.sql' %}
), sums AS (
  SELECT
    count(*) AS partitions,
    coalesce(sum(rows), 0) AS rows,
    coalesce(sum(dead_rows), 0) AS dead,
    count(*) FILTER (WHERE dead_rows > greatest(rows * 0.1, 1000)) AS dusty,
    (array_agg(partition_name ORDER BY dead_rows DESC, partition_name))[1] AS dustiest,
    max(dead_rows) AS most_dead,
    count(*) FILTER (WHERE rows > 1000 AND greatest(last_vacuum, last_autovacuum) IS NULL) AS unvacuumed,
    count(*) FILTER (WHERE rows > 1000 AND greatest(last_analyze, last_autoanalyze) IS NULL) AS unanalyzed,
    count(greatest(last_vacuum, last_autovacuum)) AS vacuumed,
    count(greatest(last_analyze, last_autoanalyze)) AS analyzed,
    min(greatest(last_vacuum, last_autovacuum)) AS oldest_vacuum,
    max(greatest(last_vacuum, last_autovacuum)) AS newest_vacuum,
    min(greatest(last_analyze, last_autoanalyze)) AS oldest_analyze,
    max(greatest(last_analyze, last_autoanalyze)) AS newest_analyze
  FROM p
), whole AS (
  SELECT c.reltuples < 0 AND sums.rows > 1000 AS unanalyzed, pg_stat_get_last_analyze_time(c.oid) AS last_analyze
  FROM pg_class AS c CROSS JOIN sums
  WHERE c.oid = {{ source | literal }}::regclass
)
SELECT
  'dead_rows' AS name,
  CASE WHEN dusty > 0 THEN 'warning' ELSE 'ok' END AS level,
  dead::float8 AS value,
  CASE
    WHEN dusty > 0 THEN format('%s dead rows; over a tenth of the rows in %s of %s partitions, most in %s (%s)',
      trim(to_char(dead, '999,999,999,999,990')), dusty, partitions, dustiest, trim(to_char(most_dead, '999,999,999,999,990')))
    ELSE format('%s dead rows, %s %% of all', trim(to_char(dead, '999,999,999,999,990')), round(dead * 100 / greatest(rows + dead, 1), 1))
  END AS message,
  {{ ('VACUUM (ANALYZE) ' ~ source ~ '; a transaction that stays open keeps dead rows') | literal }} AS hint
FROM sums
UNION ALL
SELECT
  'last_vacuum',
  CASE WHEN unvacuumed > 0 THEN 'warning' ELSE 'ok' END,
  unvacuumed::float8,
  CASE
      WHEN vacuumed = 0 THEN 'never'
      WHEN oldest_vacuum > newest_vacuum - interval '1 hour' THEN to_char(oldest_vacuum, 'YYYY-MM-DD HH24:MI "UTC"')
      ELSE to_char(oldest_vacuum, 'YYYY-MM-DD HH24:MI') || to_char(newest_vacuum, '" to" YYYY-MM-DD HH24:MI "UTC"')
    END
    || CASE WHEN vacuumed IN (0, partitions) THEN '' ELSE format('; %s of %s partitions never', partitions - vacuumed, partitions) END
    || CASE WHEN unvacuumed > 0 THEN format('; %s of those never vacuumed have over 1,000 rows', unvacuumed) ELSE '' END,
  {{ ('VACUUM ' ~ source ~ '; the counters forget it when they are reset') | literal }}
FROM sums
UNION ALL
SELECT
  'last_analyze',
  CASE WHEN sums.unanalyzed > 0 OR whole.unanalyzed THEN 'warning' ELSE 'ok' END,
  sums.unanalyzed::float8,
  CASE
      WHEN analyzed = 0 THEN 'never'
      WHEN oldest_analyze > newest_analyze - interval '1 hour' THEN to_char(oldest_analyze, 'YYYY-MM-DD HH24:MI "UTC"')
      ELSE to_char(oldest_analyze, 'YYYY-MM-DD HH24:MI') || to_char(newest_analyze, '" to" YYYY-MM-DD HH24:MI "UTC"')
    END
    || CASE WHEN analyzed IN (0, partitions) THEN '' ELSE format('; %s of %s partitions never', partitions - analyzed, partitions) END
    || CASE WHEN sums.unanalyzed > 0 THEN format('; %s of those never analyzed have over 1,000 rows', sums.unanalyzed) ELSE '' END
    || CASE WHEN whole.unanalyzed THEN '; the table as a whole never, which autovacuum does not do'
            WHEN whole.last_analyze IS NOT NULL THEN to_char(whole.last_analyze, '"; the table as a whole" YYYY-MM-DD HH24:MI "UTC"')
            ELSE '' END,
  {{ ('ANALYZE ' ~ source) | literal }}
FROM sums CROSS JOIN whole;
