-- Outside a transaction each statement commits by itself.
VACUUM (ANALYZE) example_08.orders;
