-- A hundred values in every month.
INSERT INTO example_04.measurements
SELECT 1 + n % 12, n / 10.0 FROM generate_series(1, 1200) AS n;
