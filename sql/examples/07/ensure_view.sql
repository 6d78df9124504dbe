-- Can be run again and again.
CREATE OR REPLACE VIEW example_07.names AS SELECT name FROM example_07.settings;
