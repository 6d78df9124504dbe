-- An index that was not finished is there, but of no use.
SELECT indisvalid FROM pg_index WHERE indexrelid = 'example_08.orders_customer_idx'::regclass
