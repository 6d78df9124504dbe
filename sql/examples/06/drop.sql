-- Both tables.
DROP TABLE example_06.finished;
DROP TABLE example_06.queue;
DROP SCHEMA example_06;
