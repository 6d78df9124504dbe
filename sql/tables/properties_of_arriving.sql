{## What hangs on the new table, for apply_properties.sql: a function, whose plan is made before the lock. -##}
CREATE FUNCTION pg_temp.swap_arriving() RETURNS TABLE (place integer, statement text, undo text, on_constraint name, item bigint)
LANGUAGE plpgsql AS $executor$
#variable_conflict use_column
BEGIN
  RETURN QUERY
{% with side = 'arriving' %}
{% include 'tables/properties.sql' %}
{% endwith %};
END
$executor$;
