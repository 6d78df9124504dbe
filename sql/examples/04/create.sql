-- A table without partitions can't hold a row yet.
CREATE SCHEMA example_04;
CREATE TABLE example_04.measurements (
  month integer NOT NULL,
  value numeric NOT NULL
) PARTITION BY LIST (month);
