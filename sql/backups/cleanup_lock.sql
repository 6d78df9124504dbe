-- Lets nobody else extend, drop or rely on the entries of one table meanwhile.
SELECT id FROM {{ registry | ident }}
WHERE original_table_name = (SELECT e.original_table_name FROM {{ registry | ident }} AS e WHERE e.id = {{ id }})
ORDER BY id
FOR UPDATE
