-- The table and its schema.
DROP TABLE {{ table | ident }};
DROP SCHEMA {{ table.schema | ident }};
