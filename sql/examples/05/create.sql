-- Enough rows for several batches.
CREATE SCHEMA {{ table.schema | ident }};
CREATE TABLE {{ table | ident }} AS
SELECT n AS id, timestamptz '2025-01-01 00:00:00+00' + n * interval '1 minute' AS at, repeat('x', 200) AS payload
FROM generate_series(1, 20000) AS n;
