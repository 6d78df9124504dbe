-- Prepares the log of what is written after the swap: its table and function, and the triggers of the
-- partitions, for which nobody writes to a partition yet. Writes down the foreign keys of the old table,
-- which are dropped after the swap.
-- Lock: SHARE ROW EXCLUSIVE on the partitions of the new table, which nobody uses.
{% with keys = back_log %}
{% include 'chunks/create_log.sql' %}
{% endwith %}

{% with keys = back_log, sync = back_sync, here = source, there = old, back = true, plain = source %}
{% include 'chunks/create_sync.sql' %}
{% endwith %}

-- Keeps writers out of the partitions of the old table after the swap.
CREATE FUNCTION {{ old | ident }}() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
  IF pg_trigger_depth() > 1 THEN
    RETURN NULL;  -- its foreign keys at work, until they are dropped
  END IF;
  RAISE EXCEPTION USING
    MESSAGE = format('%s belongs to a table that was replaced and is kept for the way back', TG_RELID::regclass),
    HINT = {{ ('Write to ' ~ source ~ ' instead.') | literal }};
END
$body$;
REVOKE ALL ON FUNCTION {{ old | ident }}() FROM PUBLIC;

{% with keys = back_log, relation = target, reach = 'partitions' %}
{% include 'chunks/create_triggers.sql' %}
{% endwith %}

DO $executor$
DECLARE
  source regclass := {{ source | literal }};
BEGIN
  EXECUTE format('COMMENT ON TABLE %s IS %L', {{ back_log | literal }},
    E'Keys of what was written to the table since its replacement, for the way back, which reads the next line.\n' || (
      SELECT jsonb_build_object('publications', '[]'::jsonb, 'foreign_keys', coalesce(jsonb_agg(jsonb_build_object(
        'partition', CASE WHEN c.conrelid <> source THEN c.conrelid::regclass::text END, 'name', c.conname,
        'definition', pg_get_constraintdef(c.oid), 'restricting', c.confdeltype IN ('a', 'r'),
        'self', c.confrelid IN (SELECT source UNION SELECT relid FROM pg_partition_tree(source)), 'comment', obj_description(c.oid, 'pg_constraint')) ORDER BY c.oid), '[]'))::text
      FROM pg_constraint AS c
      WHERE c.contype = 'f' AND c.conparentid = 0
        AND c.conrelid IN (SELECT source UNION SELECT relid FROM pg_partition_tree(source))));
  EXECUTE format('COMMENT ON FUNCTION %s() IS %L', {{ back_log | literal }}, pg_current_xact_id()::xid);
END
$executor$;
