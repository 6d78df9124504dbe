-- Drops the twins of the materialized views; the views themselves are untouched.
-- Lock: ACCESS EXCLUSIVE on the twins and the new table, which nobody uses.
DO $executor$
DECLARE
  item record;
BEGIN
  FOR item IN
    SELECT t.schema, t.twin
    FROM (
{% with ending = '_new_' ~ timestamp %}
{% include 'repartition/twins/twins.sql' %}
{% endwith %}
    ) AS t
    WHERE to_regclass(format('%I.%I', t.schema, t.twin)) IS NOT NULL
    ORDER BY t.depth DESC
  LOOP
    EXECUTE format('DROP MATERIALIZED VIEW %I.%I', item.schema, item.twin);
  END LOOP;
END
$executor$;
