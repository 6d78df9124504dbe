-- How columns of the materialized views that read the table are analyzed, where that is said.
SELECT a.attname::text AS name, m.relname::text AS relation, n.nspname::text AS schema, a.attstattarget::integer AS target
FROM (
{% include 'facts/fragments/reading_views.sql' %}
) AS reader
JOIN pg_class AS m ON m.oid = reader.oid
JOIN pg_namespace AS n ON n.oid = m.relnamespace
JOIN pg_attribute AS a ON a.attrelid = m.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attstattarget >= 0
ORDER BY reader.depth, n.nspname, m.relname, a.attnum
