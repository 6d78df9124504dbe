{## What is unique within a partition only. -##}
SELECT
  'unique indexes' AS subject, {{ ('each contains ' ~ key_columns | join(' and ')) | literal }} AS expected,
  coalesce({% include 'tables/listed.sql' %}
    || format(': unique within a partition only, so one value may occur in rows of different %s, by INSERT and by UPDATE',
              {{ key_columns | join(' or ') | literal }}), {{ ('each contains ' ~ key_columns | join(' and ')) | literal }}) AS actual,
  count(listed.name) = 0 AS passed
FROM source LEFT JOIN narrow AS listed ON true
