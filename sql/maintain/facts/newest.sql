-- The newest partition, whose like the next ones are: how it is stored, what identifies its rows, and how it is
-- partitioned itself: its parts, and what their names have after its own; and what logs the writes to them,
-- and the keys that are its own: where the key of a table lacks the column by which it is divided, each partition has it.
{% include 'maintain/with.sql' %}

SELECT
  part.name, part.schema,
  (SELECT t.spcname FROM pg_tablespace AS t WHERE t.oid = c.reltablespace) AS tablespace,
  pg_get_partkeydef(part.oid) AS partition_by_sql,
  CASE leaf.relreplident WHEN 'd' THEN 'default' WHEN 'n' THEN 'nothing' ELSE 'full' END AS replica_identity,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('toast', place.toast, 'name', o.option_name, 'value', o.option_value)
                             ORDER BY place.toast, o.position), '[]')
   FROM (SELECT false, leaf.reloptions UNION ALL SELECT true, toast.reloptions) AS place (toast, options)
   CROSS JOIN pg_options_to_table(place.options) WITH ORDINALITY AS o (option_name, option_value, position)) AS storage_parameters,
  (SELECT coalesce(jsonb_agg(jsonb_build_object(
     'suffix', CASE WHEN starts_with(s.relname, part.name) AND s.relname <> part.name THEN substr(s.relname, length(part.name) + 1) ELSE '_' || s.place END,
     'bound_sql', pg_get_expr(s.relpartbound, s.oid),
     'logging', (SELECT {% include 'maintain/logging.sql' %} FROM pg_class AS logged WHERE logged.oid = s.oid)) ORDER BY s.place), '[]')
   FROM (SELECT sub.*, row_number() OVER (ORDER BY sub.oid) - 1 AS place
         FROM pg_inherits AS i JOIN pg_class AS sub ON sub.oid = i.inhrelid WHERE i.inhparent = part.oid) AS s) AS parts,
  (SELECT {% include 'maintain/logging.sql' %} FROM pg_class AS logged WHERE logged.oid = part.oid) AS logging,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('suffix', at.suffix, 'stem', own.stem, 'body_sql', own.body_sql, 'constraint_sql', own.constraint_sql) ORDER BY at.suffix, own.stem), '[]')
   FROM (
     SELECT part.oid, ''
     UNION ALL
     SELECT sub.oid, substr(sub.relname, length(part.name) + 1) FROM pg_inherits AS i JOIN pg_class AS sub ON sub.oid = i.inhrelid
     WHERE i.inhparent = part.oid AND starts_with(sub.relname, part.name) AND sub.relname <> part.name
   ) AS at (oid, suffix)
   CROSS JOIN LATERAL (SELECT at.oid) AS keyed (oid)
   CROSS JOIN LATERAL (
{% include 'maintain/own_keys.sql' %}
   ) AS own) AS own_keys
FROM part
JOIN pg_class AS c ON c.oid = part.oid
LEFT JOIN LATERAL (
  SELECT l.* FROM pg_class AS l WHERE l.oid = part.oid AND l.relkind = 'r'
    OR l.oid IN (SELECT i.inhrelid FROM pg_inherits AS i WHERE i.inhparent = part.oid)
  ORDER BY l.oid LIMIT 1
) AS leaf ON true
LEFT JOIN pg_class AS toast ON toast.oid = leaf.reltoastrelid
WHERE NOT part.is_default AND NOT part.is_foreign
ORDER BY part.lower_at DESC NULLS LAST LIMIT 1
