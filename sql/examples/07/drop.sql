-- The table of settings.
DROP TABLE example_07.settings;
DROP SCHEMA example_07;
