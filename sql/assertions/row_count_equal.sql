-- Both tables have the same number of rows, counted in one snapshot. Says nothing about their contents.
{% include 'tables/steady.sql' %}
SELECT
  'rows of ' || {{ right | name | literal }}::regclass AS subject,
  l.rows::text AS expected,
  r.rows::text AS actual,
  l.rows = r.rows AS passed
FROM
{% for table, side in [(left, 'l'), (right, 'r')] %}
  (SELECT count(*){% if without is not none %}
 - (
    -- the keys are unique, so each row that is left out is here once; few are looked up, by an index
    SELECT count(*) FROM {{ table | name | ident }} AS r
    NATURAL JOIN (SELECT DISTINCT * FROM {{ without | name | ident }}) AS without)
{%- endif %} AS rows FROM {{ table | name | ident }} AS counted) AS {{ side | ident }}{% if loop.first %},{% else %};{% endif %}

{% endfor %}
