-- A query of bad rows finds none.
SELECT
  'bad rows' AS subject,
  '0' AS expected,
  count(*)::text AS actual,
  count(*) = 0 AS passed
FROM (
{% include sql %}

) AS query;
