
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

-- The old table remembers what can't be read off the new one when going back.
DO $executor$
BEGIN
  EXECUTE format('COMMENT ON TABLE %s IS %L', {{ old | literal }}::regclass,
    format(E'Replaced by executor (plan %s, run %s) and kept for the way back, which reads the next line.\n%s',
      {{ plan | literal }}, {{ timestamp | literal }},
      jsonb_build_object('foreign_keys', '[]'::jsonb, 'publications',
        (SELECT coalesce(jsonb_agg(pubname ORDER BY pubname), '[]') FROM pg_temp.swap_roots WHERE pg_has_role(pubowner, 'USAGE')))));
END
$executor$;
{% endif %}
