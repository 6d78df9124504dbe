-- Drops the views and functions that create_views has made for this table; what else bears such a name stays.
DO $executor$
DECLARE
  item record;
BEGIN
  FOR item IN
    SELECT format('FUNCTION %s', p.oid::regprocedure) AS name
    FROM pg_proc AS p
    WHERE p.pronamespace = quote_ident({{ source.schema | literal }})::regnamespace
      AND p.proname IN ('get_partition_for_collection', 'get_partition_key', 'analyze_partition_skew')
      AND starts_with(obj_description(p.oid, 'pg_proc'), {{ ('Made by executor for ' ~ source ~ ': ') | literal }})
    UNION ALL
    SELECT format('VIEW %s', c.oid::regclass)
    FROM pg_class AS c
    WHERE c.relnamespace = quote_ident({{ source.schema | literal }})::regnamespace AND c.relkind = 'v'
      AND c.relname IN ('partition_health', 'partition_distribution', 'partition_chunk_distribution', 'partition_stats',
                        'partition_size_distribution', 'partition_hot_spots', 'partition_health_summary')
      AND starts_with(obj_description(c.oid, 'pg_class'), {{ ('Made by executor for ' ~ source ~ ': ') | literal }})
    ORDER BY name
  LOOP
    EXECUTE 'DROP ' || item.name;
  END LOOP;
END
$executor$;
