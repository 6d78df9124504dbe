-- How many orders the archive holds.
SELECT count(*) FROM example_12.archive
