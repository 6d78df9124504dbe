-- Everything of this example, with the rows in it.
DROP TABLE example_12.orders, example_12.archive, example_12.outbox;
DROP SCHEMA example_12;
