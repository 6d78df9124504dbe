-- Some books.
CREATE SCHEMA {{ original.schema | ident }};
CREATE TABLE {{ original | ident }} (
  id integer PRIMARY KEY,
  author text NOT NULL,
  title text,
  published date
);
INSERT INTO {{ original | ident }}
SELECT n, 'author ' || n % 17, 'title ' || n, date '1990-01-01' + n FROM generate_series(1, 500) AS n;
