-- Both tables have the same number of rows. Proves nothing about what is in them.
SELECT
  'rows' AS subject,
  l.rows::text AS expected,
  r.rows::text AS actual,
  l.rows = r.rows AS passed
FROM
  (SELECT count(*) AS rows FROM {{ left | name | ident }}) AS l,
  (SELECT count(*) AS rows FROM {{ right | name | ident }}) AS r;
