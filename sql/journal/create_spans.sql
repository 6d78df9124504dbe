-- What took time. Since version 2 of the journal.
CREATE TABLE IF NOT EXISTS executor.spans (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id bigint NOT NULL,
  step text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('run', 'undo', 'retry', 'wait')),
  outcome text,
  detail text,
  started_at timestamptz NOT NULL,
  finished_at timestamptz NOT NULL,
  FOREIGN KEY (run_id, step) REFERENCES executor.steps
);
CREATE INDEX IF NOT EXISTS spans_of_a_run ON executor.spans (run_id);
COMMENT ON TABLE executor.spans IS 'What took time: steps that ran or were undone, attempts in vain, and waits';
COMMENT ON COLUMN executor.spans.id IS 'Order in which they were written';
COMMENT ON COLUMN executor.spans.run_id IS 'The run';
COMMENT ON COLUMN executor.spans.step IS 'The step';
COMMENT ON COLUMN executor.spans.kind IS 'run, undo; retry: a transaction in vain and the pause after it; wait: paused, held or throttled';
COMMENT ON COLUMN executor.spans.outcome IS 'Of run and undo: succeeded, failed, broken off (killed, or interrupted), rolled_back';
COMMENT ON COLUMN executor.spans.detail IS 'Why it failed, was tried again, or waited';
COMMENT ON COLUMN executor.spans.started_at IS 'When it began; of an undo: the transaction that ended it';
COMMENT ON COLUMN executor.spans.finished_at IS 'When it ended; if broken off: its last iteration, or else its begin';
