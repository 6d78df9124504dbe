-- Whether each name that is accepted is that of one thing that hangs on the table. A name that is none gives up
-- nothing, and whoever gave it thinks otherwise. Reads the catalogs.
{% if accept %}
SELECT
  'accept: ' || given.name AS subject,
  'the name of one thing that hangs on the table' AS expected,
  CASE
    WHEN count(DISTINCT object.identity) > 1 THEN 'accept names several: ' || string_agg(DISTINCT object.identity, ', ')
      || '; give the one that is meant, as it stands here'
    WHEN count(object.identity) = 0 THEN 'accept names nothing: ' || given.name || '; take it out, or give it as the check prints it'
    ELSE min(object.identity)
  END AS actual,
  count(DISTINCT object.identity) = 1 AS passed
FROM unnest({{ accept | literal }}::text[]) AS given (name)
LEFT JOIN (
{% include 'repartition/check/acceptable.sql' %}
) AS object (name, identity)
  ON given.name IN (object.name, object.identity)
GROUP BY given.name
ORDER BY given.name
{% else %}
SELECT 'accept' AS subject, 'the names of things that hang on the table' AS expected, 'nothing is given up' AS actual, true AS passed
{% endif %}
