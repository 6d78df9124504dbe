-- Nothing to do once the table is there.
SELECT to_regclass('example_07.settings') IS NOT NULL
