-- Both tables have the same number of rows, counted in one snapshot. Says nothing about their contents.
{% include 'assertions/fragments/without.sql' %}
SELECT
  'rows of ' || {{ right | name | literal }}::regclass AS subject,
  l.rows::text AS expected,
  r.rows::text AS actual,
  l.rows = r.rows AS passed
FROM
  (SELECT count(*) AS rows FROM {% with table = left %}{% include 'assertions/fragments/rows.sql' %}{% endwith %} AS counted) AS l,
  (SELECT count(*) AS rows FROM {% with table = right %}{% include 'assertions/fragments/rows.sql' %}{% endwith %} AS counted) AS r;
