-- Its index is gone already.
DROP TABLE example_08.orders;
DROP SCHEMA example_08;
