-- Its partitions are gone already.
DROP TABLE example_04.measurements;
DROP SCHEMA example_04;
