-- The view goes before its table.
DROP VIEW example_07.names;
