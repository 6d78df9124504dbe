-- The materialized views that read the table, directly or through one another, those that read others last. A
-- view in between is not in the way: it is re-pointed and stays the same object.
SELECT
  c.relname::text AS name,
  n.nspname::text AS schema,
  c.relispopulated AS is_filled,
  c.relowner::regrole::text AS owner_sql,
  EXISTS (SELECT FROM pg_depend AS d JOIN pg_rewrite AS r ON r.oid = d.objid
          WHERE d.classid = 'pg_rewrite'::regclass AND d.refobjid = c.oid AND r.ev_class <> c.oid) AS has_readers,
  (SELECT a.amname::text FROM pg_am AS a WHERE a.oid = c.relam) AS method,
  (SELECT string_agg(format('%I = %L', option_name, option_value), ', ') FROM pg_options_to_table(c.reloptions)) AS options_sql,
  (SELECT s.spcname::text FROM pg_tablespace AS s WHERE s.oid = c.reltablespace) AS tablespace,
  rtrim(pg_get_viewdef(c.oid), ';') AS definition_sql
FROM (
{% include 'facts/fragments/reading_views.sql' %}
) AS reader
JOIN pg_class AS c ON c.oid = reader.oid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
ORDER BY reader.depth, n.nspname, c.relname
