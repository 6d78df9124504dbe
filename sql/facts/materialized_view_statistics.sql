-- The extended statistics of the materialized views that read the table, each with its view and that one's schema.
SELECT
{% include 'facts/fragments/statistics.sql' %}
  , c.relname::text AS relation,
  home.nspname::text AS relation_schema
FROM (
{% include 'facts/fragments/reading_views.sql' %}
) AS reader
JOIN pg_statistic_ext AS s ON s.stxrelid = reader.oid
JOIN pg_class AS c ON c.oid = s.stxrelid
JOIN pg_namespace AS home ON home.oid = c.relnamespace
JOIN pg_namespace AS n ON n.oid = s.stxnamespace
ORDER BY reader.depth, n.nspname, s.stxname
