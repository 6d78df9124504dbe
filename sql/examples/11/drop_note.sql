-- As it was.
COMMENT ON TABLE example_11.amounts IS NULL;
