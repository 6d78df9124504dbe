{## What statements cost that do not name the key column. -##}
{% from 'layout/' ~ layout ~ '/numbers.sql' import numbers with context %}
UNION ALL
SELECT
  'statements that do not compare ' || quote_ident({{ key_column | literal }}), 'look into one table',
  'look into all {{ numbers | length }} partitions',
  {{ (numbers | length == 1) | literal }}
FROM source
