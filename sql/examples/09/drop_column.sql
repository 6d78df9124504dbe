-- Lock: ACCESS EXCLUSIVE for an instant.
ALTER TABLE example_09.accounts DROP COLUMN note;
