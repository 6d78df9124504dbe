-- Publications name the table itself: they go on with the one that has its name now.
DO $executor$
DECLARE
  item record;
BEGIN
  FOR item IN SELECT pubname, pg_has_role(pubowner, 'USAGE') AS own FROM pg_temp.swap_roots LOOP
    IF item.own THEN
      EXECUTE format('ALTER PUBLICATION %I SET (publish_via_partition_root = {{ (not back) | literal }})', item.pubname);
    ELSE
      RAISE WARNING 'publication % publishes changes under the names of partitions; its owner can SET (publish_via_partition_root = true)', item.pubname;
    END IF;
  END LOOP;
  FOR item IN SELECT statement FROM pg_temp.swap_publications LOOP
    EXECUTE item.statement;
  END LOOP;
END
$executor$;
{% if not back %}

-- The log for the way back remembers what can't be read off the new table then.
DO $executor$
DECLARE
  noted text := obj_description({{ back_log | literal }}::regclass, 'pg_class');
BEGIN
  EXECUTE format('COMMENT ON TABLE %s IS %L', {{ old | literal }}::regclass,
    {{ ('Replaced by executor (plan ' ~ plan ~ ', run ' ~ timestamp ~ ') and kept for the way back.') | literal }});
  EXECUTE format('COMMENT ON TABLE %s IS %L', {{ back_log | literal }},
    split_part(noted, E'\n{', 1) || E'\n' || (({% include 'repartition/way_back/noted.sql' %}) || jsonb_build_object('publications',
      (SELECT coalesce(jsonb_agg(pubname ORDER BY pubname), '[]') FROM pg_temp.swap_roots WHERE pg_has_role(pubowner, 'USAGE'))))::text);
END
$executor$;
{% endif %}
