-- Fills the twins of the materialized views from the new table, while the old one is in use.
DO $executor$
DECLARE
  item record;
BEGIN
  FOR item IN
    SELECT format('%I.%I', t.schema, t.twin) AS twin
    FROM (
{% with ending = '_new_' ~ timestamp %}
{% include 'repartition/twins/twins.sql' %}
{% endwith %}
    ) AS t
    JOIN pg_class AS c ON c.oid = t.view AND c.relispopulated
    ORDER BY t.depth
  LOOP
    EXECUTE format('REFRESH MATERIALIZED VIEW %s', item.twin);
    EXECUTE format('ANALYZE %s', item.twin);
  END LOOP;
END
$executor$;
