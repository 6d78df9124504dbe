-- Again from the start, if an earlier attempt was interrupted: its index would stay invalid.
DROP INDEX CONCURRENTLY IF EXISTS example_08.orders_customer_idx;
CREATE INDEX CONCURRENTLY orders_customer_idx ON example_08.orders (customer);
