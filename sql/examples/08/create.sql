-- A table with some orders.
CREATE SCHEMA example_08;
CREATE TABLE example_08.orders AS
SELECT n AS id, 'customer ' || n % 100 AS customer FROM generate_series(1, 5000) AS n;
