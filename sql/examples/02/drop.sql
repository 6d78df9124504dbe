-- In the order opposite to that of their creation.
DROP TABLE {{ copy | ident }};
DROP TABLE {{ table | ident }};
DROP SCHEMA {{ table.schema | ident }};
