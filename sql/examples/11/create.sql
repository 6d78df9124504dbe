-- Amounts with more digits than money has.
CREATE SCHEMA example_11;
CREATE TABLE example_11.amounts AS SELECT n AS id, n / 7.0 AS amount FROM generate_series(1, 100) AS n;
