-- Prepares the log of what is written after the swap, into which the triggers of the new table will log then,
-- and the function that will read it. Writes down the foreign keys of the old table, which are dropped after
-- the swap.
{% with keys = back_log %}
{% include 'repartition/log/create_keys.sql' %}
{% endwith %}

{% with keys = back_log, sync = back_sync, here = source, there = old, back = true, columns = facts.columns %}
{% include 'repartition/log/create_sync.sql' %}
{% endwith %}

-- Keeps writers out of the old table after the swap.
{% with refusing = old %}
{% include 'repartition/way_back/refuse_writes.sql' %}
{% endwith %}
{% with function = old %}
{% include 'security/own_function.sql' %}
{% endwith %}

DO $executor$
DECLARE
  source regclass := {{ source | literal }};
  target regclass := {{ target | literal }};
BEGIN
  EXECUTE format('COMMENT ON TABLE %s IS %L', {{ back_log | literal }},
    E'Keys of what was written to the table since its replacement, for the way back, which reads the next line.\n' || (
      SELECT jsonb_build_object('publications', '[]'::jsonb, 'indexes', (
        SELECT coalesce(jsonb_agg(DISTINCT shape.kind || shape.body), '[]')
        FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
{% include 'repartition/indexes/shape.sql' %}
        WHERE i.indrelid = target OR i.indrelid IN (SELECT relid FROM pg_partition_tree(target))), 'foreign_keys', coalesce(jsonb_agg(jsonb_build_object(
        'partition', CASE WHEN c.conrelid <> source THEN c.conrelid::regclass::text END, 'name', c.conname,
        'definition', pg_get_constraintdef(c.oid), 'restricting', c.confdeltype IN ('a', 'r'),
        'self', c.confrelid IN (SELECT source UNION SELECT relid FROM pg_partition_tree(source)), 'comment', obj_description(c.oid, 'pg_constraint')) ORDER BY c.oid), '[]'))::text
      FROM pg_constraint AS c
      WHERE c.contype = 'f' AND c.conparentid = 0
        AND c.conrelid IN (SELECT source UNION SELECT relid FROM pg_partition_tree(source))));
END
$executor$;
