-- The indexes of the materialized views that read the table: what follows their name and that of the view.
SELECT
  c.relname::text AS name,
  m.relname::text AS relation,
  n.nspname::text AS schema,
  i.indisunique AS is_unique,
  i.indisclustered AS is_clustered,
  (SELECT s.spcname::text FROM pg_tablespace AS s WHERE s.oid = c.reltablespace) AS tablespace,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('column', a.attnum, 'target', a.attstattarget) ORDER BY a.attnum), '[]')
   FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attstattarget >= 0) AS statistics_targets,
  ' ' || {% include 'tables/rest.sql' %} AS body_sql
FROM (
{% include 'facts/fragments/reading_views.sql' %}
) AS reader
JOIN pg_class AS m ON m.oid = reader.oid
JOIN pg_index AS i ON i.indrelid = m.oid AND i.indisvalid
JOIN pg_class AS c ON c.oid = i.indexrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (
  SELECT pg_get_indexdef(i.indexrelid), format('CREATE %sINDEX %I ON %s ', CASE WHEN i.indisunique THEN 'UNIQUE ' END, c.relname, m.oid::regclass)
) AS shape (definition, head)
ORDER BY reader.depth, n.nspname, m.relname, c.relname
