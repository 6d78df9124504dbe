{## One row a partition, from the catalogs and the server's counters: nothing of the table is read, so
    it may be polled. A SELECT without its semicolon. The table is looked up by name every time: these
    views follow the name and hold no table back. -##}
SELECT
  c.oid, substring(c.relname FROM '_part_([0-9]{1,9})$')::integer AS partition_num, c.relname AS partition_name,
  n.nspname AS schema_name, coalesce(pg_total_relation_size(c.oid), 0) AS size_bytes,
{% include 'tables/rows.sql' %}
  pg_stat_get_dead_tuples(c.oid) AS dead_rows, pg_stat_get_tuples_inserted(c.oid) AS inserted,
  pg_stat_get_tuples_updated(c.oid) AS updated, pg_stat_get_tuples_deleted(c.oid) AS deleted,
  pg_stat_get_last_vacuum_time(c.oid) AS last_vacuum, pg_stat_get_last_autovacuum_time(c.oid) AS last_autovacuum,
  pg_stat_get_last_analyze_time(c.oid) AS last_analyze, pg_stat_get_last_autoanalyze_time(c.oid) AS last_autoanalyze
FROM pg_partition_tree(to_regclass({{ source | literal }})) AS t
JOIN pg_class AS c ON c.oid = t.relid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE t.isleaf
