-- The tables that hold the rows: the table itself or its partitions, the oldest first, and how they are stored.
SELECT
  n.nspname AS schema,
  c.relname AS name,
  CASE c.relreplident WHEN 'd' THEN 'default' WHEN 'n' THEN 'nothing' WHEN 'f' THEN 'full' ELSE 'index' END AS replica_identity,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('toast', place.toast, 'name', o.option_name, 'value', o.option_value)
                             ORDER BY place.toast, o.position), '[]')
   FROM (SELECT false, c.reloptions UNION ALL SELECT true, toast.reloptions) AS place (toast, options)
   CROSS JOIN pg_options_to_table(place.options) WITH ORDINALITY AS o (option_name, option_value, position)) AS storage_parameters
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_class AS toast ON toast.oid = c.reltoastrelid
WHERE c.relkind = 'r' AND c.oid IN (
{% include 'facts/fragments/tree.sql' %}
)
ORDER BY c.oid
