-- Deletes the rows that were written while they were copied; they come back with the next pass. A row
-- that moved meanwhile can be there twice, so this comes before the unique indexes. The log keeps its
-- entries.
{% with written = [target], read = [log], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}

DO $executor$
DECLARE
  same text;
  discarded bigint;
BEGIN
  SELECT string_agg(format('r.%1$I %2$s k.%1$I', name, equals), ' AND ' ORDER BY place, name) INTO same
  FROM (
{% with relation = source, keys = log %}
{% include 'repartition/log/logged_columns.sql' %}
{% endwith %}
  ) AS key;
  EXECUTE format('DELETE FROM %s AS r USING (SELECT DISTINCT * FROM %s) AS k WHERE %s',
                 {{ target | literal }}, {{ log | literal }}, same);
  GET DIAGNOSTICS discarded = ROW_COUNT;
  PERFORM set_config('executor.rows', discarded::text, true);
END
$executor$;
