-- Lock: ACCESS EXCLUSIVE for an instant, if nobody reads for long.
ALTER TABLE example_09.accounts ADD COLUMN note text;
