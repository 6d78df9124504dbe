-- Asked when the step is reached.
SELECT to_regclass('example_07.settings') IS NULL
