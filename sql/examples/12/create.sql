-- A table of orders, its archive, and an outbox with a few messages.
CREATE SCHEMA example_12;
CREATE TABLE example_12.orders AS
SELECT n AS id, date '2024-01-01' + n % 365 AS day FROM generate_series(1, 2000) AS n;
CREATE TABLE example_12.archive (id integer PRIMARY KEY, day date);
CREATE TABLE example_12.outbox (message text, sent_at timestamptz);
INSERT INTO example_12.outbox (message) VALUES ('your order is on its way'), ('please pay');
