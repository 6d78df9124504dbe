-- Only what the step has filled.
TRUNCATE example_04.measurements;
