-- What the catalog said of the table when a run began.
SELECT facts FROM executor.facts WHERE run_id = {{ run }};
