{## What ON CONFLICT finds where what is unique has to contain the columns of the layout. -##}
UNION ALL
SELECT
  'ON CONFLICT', 'names the columns that it named before',
  coalesce('fails ' || {% include 'tables/listed.sql' %}
    || '; and without columns it sees the rows of one partition only', 'names the columns that it named before'),
  count(listed.name) = 0
FROM source
LEFT JOIN narrow ON true
CROSS JOIN LATERAL (
  SELECT CASE WHEN narrow.indisprimary
    THEN format('with (%s), the key of %s, which becomes (%s, %s): name these', narrow.columns, narrow.name, narrow.columns, narrow.missing)
    ELSE 'with ' || coalesce('(' || narrow.columns || ')', 'the expressions') || ' of ' || narrow.name END
) AS listed (name)
