-- What the catalog said of the table when a run began. Since version 3 of the journal.
CREATE TABLE IF NOT EXISTS executor.facts (
  run_id bigint PRIMARY KEY REFERENCES executor.runs,
  facts jsonb NOT NULL,
  read_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE executor.facts IS 'What the catalog said of a run''s table when it began: the plan''s facts';
COMMENT ON COLUMN executor.facts.run_id IS 'The run';
COMMENT ON COLUMN executor.facts.facts IS 'The rows of each fact; what ends in _sql is sent as it is';
COMMENT ON COLUMN executor.facts.read_at IS 'When they were read';
