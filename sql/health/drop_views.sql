-- Drops the views and functions that create_views has made for this table; what else bears such a name stays.
DO $executor$
DECLARE
  item record;
BEGIN
  FOR item IN
    SELECT format('%s %s', made.kind, made.name) AS name
    FROM (
{% include 'health/watching.sql' %}
    ) AS made
    ORDER BY name
  LOOP
    EXECUTE 'DROP ' || item.name;
  END LOOP;
END
$executor$;
