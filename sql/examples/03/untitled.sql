-- Bad rows. A file that an assertion takes in is one SELECT without a semicolon.
SELECT id FROM {{ copy | ident }} WHERE title IS NULL
