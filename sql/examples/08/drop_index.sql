-- Waits for readers, but does not block them.
DROP INDEX CONCURRENTLY IF EXISTS example_08.orders_customer_idx;
