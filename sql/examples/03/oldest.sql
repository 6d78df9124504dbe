-- A query that judges by itself.
SELECT
  'oldest book' AS subject,
  'before 2000' AS expected,
  min(published)::text AS actual,
  min(published) < date '2000-01-01' AS passed
FROM {{ copy | ident }}
