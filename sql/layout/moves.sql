{## What an UPDATE of the key column does. -##}
{% from 'layout/' ~ layout ~ '/numbers.sql' import numbers with context %}
UNION ALL
SELECT
  'UPDATE of ' || quote_ident({{ key_column | literal }}), 'leaves the row where it is',
  'moves it to another partition where that is another one'
    || '. Who waits for such a row fails with SQLSTATE 40001, and has to try again',
  {{ (numbers | length == 1) | literal }}
FROM source LEFT JOIN key ON true
