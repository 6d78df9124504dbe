{## The storage parameters of the tables that hold the rows of `source` now, as (place, option_name, option_value): a
    SELECT without its semicolon. Of several tables the oldest speaks for all; the place is '' or 'toast.'. -##}
SELECT place.name AS place, o.option_name, o.option_value
FROM (
  SELECT c.reloptions, c.reltoastrelid
  FROM pg_class AS c
  WHERE c.relkind = 'r' AND c.oid IN (
    SELECT {{ source | literal }}::regclass
    UNION SELECT relid FROM pg_partition_tree({{ source | literal }}::regclass) WHERE isleaf)
  ORDER BY c.oid LIMIT 1
) AS leaf
CROSS JOIN LATERAL (
  SELECT '', leaf.reloptions
  UNION ALL
  SELECT 'toast.', reloptions FROM pg_class WHERE oid = leaf.reltoastrelid
) AS place (name, options)
CROSS JOIN LATERAL pg_options_to_table(place.options) AS o
