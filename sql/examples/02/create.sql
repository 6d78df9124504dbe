-- A name goes through ident, any other value through literal; an integer may stand as it is.
CREATE SCHEMA {{ table.schema | ident }};
CREATE TABLE {{ table | ident }} AS
SELECT n, {{ label | literal }} || ' ' || n AS label
FROM generate_series(1, {{ rows }}) AS n;
CREATE TABLE {{ copy | ident }} AS TABLE {{ table | ident }};
