-- Rows that were left out.
SELECT id FROM {{ table | ident }} WHERE day IS NULL
