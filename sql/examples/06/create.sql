-- A queue, and where its rows go.
CREATE SCHEMA example_06;
CREATE TABLE example_06.queue AS SELECT n AS job FROM generate_series(1, 950) AS n;
CREATE TABLE example_06.finished (job integer, pass integer);
