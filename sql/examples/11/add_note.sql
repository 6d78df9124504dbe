-- This can be undone.
COMMENT ON TABLE example_11.amounts IS 'amounts are rounded to cents';
