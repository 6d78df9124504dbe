-- The table of settings.
CREATE SCHEMA example_07;
CREATE TABLE example_07.settings (name text PRIMARY KEY, value text NOT NULL);
