-- How columns of the materialized views that read the table are analyzed, where that is said: `options_sql` is n_distinct.
SELECT a.attname::text AS name, m.relname::text AS relation, n.nspname::text AS schema,
  CASE WHEN a.attstattarget >= 0 THEN a.attstattarget END::integer AS target,
  (SELECT string_agg(format('%I = %L', o.option_name, o.option_value), ', ' ORDER BY o.option_name)
   FROM pg_options_to_table(a.attoptions) AS o) AS options_sql
FROM (
{% include 'facts/fragments/reading_views.sql' %}
) AS reader
JOIN pg_class AS m ON m.oid = reader.oid
JOIN pg_namespace AS n ON n.oid = m.relnamespace
JOIN pg_attribute AS a ON a.attrelid = m.oid AND a.attnum > 0 AND NOT a.attisdropped
  AND (a.attstattarget >= 0 OR a.attoptions IS NOT NULL)
ORDER BY reader.depth, n.nspname, m.relname, a.attnum
